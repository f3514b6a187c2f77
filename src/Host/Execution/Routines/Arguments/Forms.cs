using System.Globalization;
using System.Text.Json;

namespace AptTask.Host.Execution.Routines.Arguments;

/// <summary>What the fixed forms of strings mean.</summary>
internal static class Forms
{
    /// <summary>Completes "must be …".</summary>
    public static string Wanted(FormKind kind) =>
        kind switch
        {
            FormKind.Instant => "an instant such as \"2026-11-24T06:00:00Z\", with its offset",
            FormKind.Date => "a date such as \"2026-11-24\"",
            FormKind.Time => "a time of day such as \"06:30:00\"",
            FormKind.Uuid => "a UUID such as \"0190c5f6-7d4e-7b1a-9c55-2f1f3a6b8d10\"",
            FormKind.Url => "an absolute URL",
            FormKind.Bytes => "bytes in base64",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such form."),
        };

    /// <summary>Whether a string is of a form.</summary>
    /// <param name="kind">The form.</param>
    /// <param name="value">The string as JSON.</param>
    /// <param name="text">The same, read.</param>
    public static bool Holds(FormKind kind, JsonElement value, string text) =>
        kind switch
        {
            FormKind.Instant => value.TryGetDateTimeOffset(out _) && HasOffset(text),
            FormKind.Date => DateOnly.TryParseExact(
                text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out _
            ),
            FormKind.Time => TimeOnly.TryParseExact(
                text,
                "HH:mm:ss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out _
            ),
            FormKind.Uuid => value.TryGetGuid(out _),
            FormKind.Url => Uri.TryCreate(text, UriKind.Absolute, out _),
            FormKind.Bytes => value.TryGetBytesFromBase64(out _),
            _ => false,
        };

    // Without an offset an instant would mean something else on each machine.
    private static bool HasOffset(string text) =>
        text.EndsWith('Z')
        || (text.IndexOf('T', StringComparison.Ordinal) is >= 0 and var t && text.AsSpan(t).ContainsAny('+', '-'));
}
