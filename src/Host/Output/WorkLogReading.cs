using System.Text;

namespace AptTask.Host.Output;

/// <summary>Reading pieces of a worklog, live or stored, from an offset on.</summary>
internal static class WorkLogReading
{
    /// <summary>The pieces behind an offset; the first is cut if the offset is within it.</summary>
    public static IReadOnlyList<WorkLogPiece> From(IEnumerable<WorkLogPiece> pieces, long offset)
    {
        var rest = new List<WorkLogPiece>();
        foreach (var piece in pieces)
        {
            if (piece.End <= offset)
                continue;
            var cut = (int)Math.Max(0, offset - piece.Offset);
            rest.Add(cut == 0 ? piece : piece with { Offset = offset, Text = piece.Text[cut..] });
        }

        return rest;
    }

    /// <summary>
    /// Joins what belongs together, so that a character that was printed in two halves is one again, and cuts the whole to a limit.
    /// </summary>
    /// <param name="pieces">In order.</param>
    /// <param name="limit">How many bytes at the most; at least one piece is taken.</param>
    public static IReadOnlyList<WorkLogPiece> Join(IReadOnlyList<WorkLogPiece> pieces, long limit)
    {
        var joined = new List<WorkLogPiece>();
        var taken = 0L;
        foreach (var next in pieces)
        {
            if (taken >= limit)
                break;
            var piece = next;
            if (taken + piece.Text.Length > limit)
                piece = piece with { Text = piece.Text[..CutBetweenCharacters(piece.Text.Span, (int)(limit - taken))] };
            if (joined.Count > 0 && joined[^1] is var last && last.Stream == piece.Stream && last.End == piece.Offset)
                joined[^1] = last with { Text = (byte[])[.. last.Text.Span, .. piece.Text.Span] };
            else
                joined.Add(piece);
            taken += next.Text.Length;
        }

        return joined;
    }

    /// <summary>A piece as text; what is not UTF-8 becomes the replacement character.</summary>
    public static string TextOf(WorkLogPiece piece) => Encoding.UTF8.GetString(piece.Text.Span);

    private static int CutBetweenCharacters(ReadOnlySpan<byte> text, int length)
    {
        // A continuation byte belongs to the character before it: go back to where that begins.
        var cut = length;
        while (cut > 0 && cut > length - 4 && (text[cut] & 0xC0) == 0x80)
            cut--;
        return cut == 0 ? length : cut;
    }
}
