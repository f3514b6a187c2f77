using System.Globalization;
using System.Text.Json;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;

namespace AptTask.Host.Execution.Commands;

/// <summary>Finds a value in what a job left.</summary>
internal static class DependencyValue
{
    /// <summary>The value, if there is one. One newline at the end of a text is cut off: programs end their output with it.</summary>
    public static bool TryFind(DependencyResult result, DependencySource from, out JsonElement value)
    {
        value = from.Posted is null ? result.Data : result.Posted.GetValueOrDefault(from.Posted);
        if (!TryFollow(ref value, from.Pointer))
            return false;
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.EndsWith('\n'))
            value = JsonSerializer.SerializeToElement(text[..^1], JsonSerializerOptions.Default);
        return true;
    }

    /// <summary>Follows a JSON pointer (RFC 6901).</summary>
    private static bool TryFollow(ref JsonElement value, string pointer)
    {
        foreach (var step in pointer.Split('/').Skip(1))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            switch (value.ValueKind)
            {
                case JsonValueKind.Object when value.TryGetProperty(name, out var inner):
                    value = inner;
                    break;
                case JsonValueKind.Array
                    when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                        && index < value.GetArrayLength():
                    value = value[index];
                    break;
                default:
                    return false;
            }
        }
        return value.ValueKind != JsonValueKind.Undefined;
    }
}
