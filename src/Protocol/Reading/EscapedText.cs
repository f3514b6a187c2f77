using System.Globalization;

namespace AptTask.Protocol;

/// <summary>Looks at the escapes of a JSON string for what JSON allows and this protocol does not.</summary>
internal static class EscapedText
{
    private const int HexDigits = 4;

    /// <summary>What is wrong with the raw text between the quotes, or null. Its escapes are known to be well formed.</summary>
    public static string? FaultOf(ReadOnlySpan<byte> raw)
    {
        for (var at = raw.IndexOf((byte)'\\'); at >= 0 && at < raw.Length; at = NextEscape(raw, at))
        {
            if (raw[at + 1] != 'u')
            {
                at += 2;
                continue;
            }
            var unit = UnitAt(raw, at);
            if (unit == 0)
                return "A text holds \\u0000. NUL would cut it short in other programs, so it is not taken.";
            if (char.IsLowSurrogate(unit))
                return $"A text holds \\u{(int)unit:x4}, the second half of a surrogate pair without its first.";
            at += 2 + HexDigits;
            if (!char.IsHighSurrogate(unit))
                continue;
            if (at + 1 >= raw.Length || raw[at] != '\\' || raw[at + 1] != 'u' || !char.IsLowSurrogate(UnitAt(raw, at)))
                return $"A text holds \\u{(int)unit:x4}, the first half of a surrogate pair without its second.";
            at += 2 + HexDigits;
        }
        return null;
    }

    private static int NextEscape(ReadOnlySpan<byte> raw, int from)
    {
        if (from >= raw.Length)
            return -1;
        var next = raw[from..].IndexOf((byte)'\\');
        return next < 0 ? -1 : from + next;
    }

    private static char UnitAt(ReadOnlySpan<byte> raw, int escape) =>
        (char)
            ushort.Parse(
                raw.Slice(escape + 2, HexDigits),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture
            );
}
