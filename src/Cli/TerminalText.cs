using System.Globalization;
using System.Text;

namespace AptTask.Cli;

/// <summary>
/// Makes text of others harmless for a terminal: what would move the cursor, change colours, set the clipboard or turn the
/// direction of writing is shown as <c>\xNN</c> instead of done. The text stays readable; it cannot be turned back exactly.
/// </summary>
internal static class TerminalText
{
    private const int LastTwoDigitCharacter = 0xff;

    /// <summary>One line: line feeds and tabs are escaped too.</summary>
    public static string Line(string? text) => Escape(text ?? "", keepLines: false);

    /// <summary>Output of a task: line feeds and tabs stay.</summary>
    public static string Lines(string text) => Escape(text, keepLines: true);

    private static string Escape(string text, bool keepLines)
    {
        var harmful = 0;
        while (harmful < text.Length && !IsHarmful(text, harmful, keepLines))
            harmful++;
        if (harmful == text.Length)
            return text;
        var safe = new StringBuilder(text, 0, harmful, text.Length + 16);
        for (var index = harmful; index < text.Length; index++)
        {
            var character = text[index];
            if (!IsHarmful(text, index, keepLines))
                safe.Append(character);
            else if (character <= LastTwoDigitCharacter)
                safe.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}");
            else
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        }
        return safe.ToString();
    }

    private static bool IsHarmful(string text, int index, bool keepLines)
    {
        var character = text[index];
        if (character is '\n' or '\t')
            return !keepLines;
        if (char.IsAscii(character))
            return char.IsControl(character);
        return CharUnicodeInfo.GetUnicodeCategory(text, index)
                is UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.Surrogate
                    or UnicodeCategory.PrivateUse
            && !(char.IsLowSurrogate(character) && index > 0 && char.IsHighSurrogate(text[index - 1]));
    }
}
