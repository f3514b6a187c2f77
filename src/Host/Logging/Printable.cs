using System.Globalization;
using System.Text;

namespace AptTask.Host.Logging;

/// <summary>
/// Makes text harmless for a line of a log that people read in a terminal: whatever could begin a new line, move the cursor,
/// change colours or turn the direction of writing is shown as <c>\xNN</c> or <c>\uNNNN</c>. A backslash is doubled, so that
/// what was escaped and what was written with a backslash can be told apart.
/// </summary>
internal static class Printable
{
    public static void Write(TextWriter output, ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            // A surrogate without its other half decodes to the replacement character and is escaped as it stands.
            var whole = Rune.DecodeFromUtf16(text, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            var piece = text[..length];
            if (whole && IsHarmless(rune))
                output.Write(piece);
            else
                WriteEscaped(output, piece);
            text = text[length..];
        }
    }

    private static bool IsHarmless(Rune rune) =>
        rune.Value != '\\'
        && Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );

    private static void WriteEscaped(TextWriter output, ReadOnlySpan<char> piece)
    {
        foreach (var unit in piece)
        {
            switch (unit)
            {
                case '\\':
                    output.Write(@"\\");
                    break;
                case <= '\xff':
                    output.Write($@"\x{(int)unit:x2}");
                    break;
                default:
                    output.Write($@"\u{(int)unit:x4}");
                    break;
            }
        }
    }
}
