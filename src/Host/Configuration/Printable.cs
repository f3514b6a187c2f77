using System.Globalization;
using System.Text;

namespace AptTask.Host.Configuration;

/// <summary>Makes text from anywhere fit for one line of a message: nothing in it can move the cursor or hide.</summary>
internal static class Printable
{
    /// <summary>The text with control, format and surrogate characters written out as <c>\uXXXX</c>.</summary>
    public static string Of(string text)
    {
        StringBuilder? safe = null;
        for (var i = 0; i < text.Length; i++)
        {
            var bad = IsUnsafe(text[i]);
            if (bad)
                safe ??= new StringBuilder(text, 0, i, text.Length + 16);
            if (safe is null)
                continue;
            if (bad)
                safe.Append("\\u").Append(((int)text[i]).ToString("x4"));
            else
                safe.Append(text[i]);
        }
        return safe?.ToString() ?? text;
    }

    private static bool IsUnsafe(char letter) =>
        char.GetUnicodeCategory(letter)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
