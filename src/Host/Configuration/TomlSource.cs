using System.Text;

namespace AptTask.Host.Configuration;

/// <summary>The bytes of a file as text: bounded, strict UTF-8, without anything that an editor would not show.</summary>
internal static class TomlSource
{
    /// <summary>The largest file.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>The text, or null after saying what is wrong.</summary>
    public static string? Decode(string file, ReadOnlySpan<byte> bytes, Findings findings)
    {
        var whole = new TextMark(file, 0, 0);
        if (bytes.Length > MaxBytes)
        {
            findings.Problem(whole, $"The file is larger than {Units.Write(MaxBytes)}.");
            return null;
        }
        if (bytes is [0xEF, 0xBB, 0xBF, ..] or [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..])
        {
            findings.Problem(
                whole with
                {
                    Line = 1,
                    Column = 1,
                },
                "The file begins with a byte order mark.",
                "Save it as UTF-8 without one."
            );
            return null;
        }
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException bad)
        {
            var before = bytes[..Math.Clamp(bad.Index, 0, bytes.Length)];
            var line = before.Count((byte)'\n') + 1;
            findings.Problem(
                new TextMark(file, line, before.Length - before.LastIndexOf((byte)'\n')),
                "A byte here is not UTF-8.",
                "Save the file as UTF-8."
            );
            return null;
        }
    }
}
