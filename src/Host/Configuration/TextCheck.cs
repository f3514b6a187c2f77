using System.Globalization;

namespace AptTask.Host.Configuration;

/// <summary>The first check, which every string passes before its type is looked at. No type is exempt.</summary>
internal static class TextCheck
{
    /// <summary>What is wrong with a text, as the end of a sentence that begins with its name; null when nothing is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The most UTF-16 units.</param>
    /// <param name="unicode">Format characters and combining marks are let through.</param>
    /// <param name="lines">Newline and tab are let through: the text goes to standard input.</param>
    public static string? Refuse(string text, int maxLength, bool unicode, bool lines)
    {
        if (text.Length > maxLength)
            return $"is longer than {maxLength} characters";
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (char.IsSurrogate(letter))
            {
                if (!char.IsHighSurrogate(letter) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                    return "is not well-formed text (a surrogate stands alone)";
                if (!unicode && CharUnicodeInfo.GetUnicodeCategory(text, i) == UnicodeCategory.Format)
                    return Unsafe(char.ConvertToUtf32(letter, text[i + 1]));
                i++;
                continue;
            }
            if (char.IsControl(letter) && !(lines && letter is '\n' or '\t'))
                return letter == '\0' ? "holds a zero byte" : "holds a control character";
            if (!unicode && IsInvisible(letter))
                return Unsafe(letter);
            if (!unicode && IsUnnormalized(letter))
                return $"is not in normal form NFC (U+{(int)letter:X4}); send it composed";
        }
        return null;
    }

    /// <summary>
    /// Whether a text could be taken for an option. Only the first counts for programs; the others look like it to people
    /// and to programs that are too helpful.
    /// </summary>
    public static bool LooksLikeOption(string text) =>
        text.Length > 0
        && text[0] is '-' or (>= '\u2010' and <= '\u2015') or '\u2212' or '\uFF0D' or '\uFE63' or '\uFE58';

    private static string Unsafe(int letter) => $"holds an invisible character (U+{letter:X4})";

    private static bool IsInvisible(char letter) =>
        char.GetUnicodeCategory(letter)
            is UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;

    /// <summary>
    /// Without culture data the framework takes every text for normal, so this is stricter than NFC: no combining marks,
    /// no conjoining jamo, and not the three letters that are signs.
    /// </summary>
    private static bool IsUnnormalized(char letter) =>
        letter >= '\u0300'
        && (
            letter is '\u212A' or '\u212B' or '\u2126' or (>= '\u1100' and <= '\u11FF')
            || char.GetUnicodeCategory(letter)
                is UnicodeCategory.NonSpacingMark
                    or UnicodeCategory.SpacingCombiningMark
                    or UnicodeCategory.EnclosingMark
        );
}
