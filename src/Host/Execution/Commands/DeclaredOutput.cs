using System.Text;
using System.Text.Json;
using AptTask.Host.Configuration;

namespace AptTask.Host.Execution.Commands;

/// <summary>Turns what a command wrote into the data of its task.</summary>
internal static class DeclaredOutput
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>One JSON value, or what is wrong with the output.</summary>
    public static ReadOnlyMemory<byte> Make(ReadOnlyMemory<byte> output, bool isCut, OutputForm form, out string? error)
    {
        error = null;
        switch (form)
        {
            case OutputForm.None:
                return default;
            case OutputForm.Base64:
                return JsonSerializer.SerializeToUtf8Bytes(
                    Convert.ToBase64String(output.Span),
                    JsonSerializerOptions.Default
                );
            case OutputForm.Json:
                return Json(output, isCut, out error);
            default:
                // Bytes that are not UTF-8 become U+FFFD: the data of a task is text that everybody can read.
                return JsonSerializer.SerializeToUtf8Bytes(
                    Encoding.UTF8.GetString(output.Span),
                    JsonSerializerOptions.Default
                );
        }
    }

    private static ReadOnlyMemory<byte> Json(ReadOnlyMemory<byte> output, bool isCut, out string? error)
    {
        error = "the output was cut, so it is not JSON any more";
        if (isCut)
            return default;
        try
        {
            if (!System.Text.Unicode.Utf8.IsValid(output.Span))
            {
                error = "the output is not JSON: it is not UTF-8";
                return default;
            }
            using var document = JsonDocument.Parse(output, Strict);
            error = null;
            return JsonSerializer.SerializeToUtf8Bytes(document.RootElement, JsonSerializerOptions.Default);
        }
        catch (JsonException bad)
        {
            error = $"the output is not JSON: {Printable.Of(bad.Message)}";
            return default;
        }
    }
}
