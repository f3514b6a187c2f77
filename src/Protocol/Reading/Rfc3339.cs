using System.Globalization;

namespace AptTask.Protocol;

/// <summary>Instants as RFC 3339 writes them. An instant without an offset is none: it would mean another time on another machine.</summary>
public static class Rfc3339
{
    private const int ShortestLength = 20;
    private const int LongestLength = 35;

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads an instant.</summary>
    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        ArgumentNullException.ThrowIfNull(text);
        instant = default;
        return text.Length is >= ShortestLength and <= LongestLength
            && (text[^1] == 'Z' || text[^6] is '+' or '-')
            && text[^2] != '.'
            && DateTimeOffset.TryParseExact(
                text,
                Formats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal,
                out instant
            );
    }
}
