using System.Buffers;
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
        for (var first = 0; first < pieces.Count && taken < limit; )
        {
            var length = 0L;
            var next = first;
            // One piece more than just fits: what stands behind the limit says whether a character is cut there.
            while (next < pieces.Count && taken + length <= limit && (next == first || Follows(pieces, next)))
                length += pieces[next++].Text.Length;
            joined.Add(JoinRun(pieces, first, next, Math.Min(length, limit - taken)));
            taken += length;
            first = next;
        }

        return joined;
    }

    /// <summary>
    /// Leaves a character that has only begun at the end: the rest of it may come yet. Nothing is left out that cannot become one.
    /// </summary>
    public static IReadOnlyList<WorkLogPiece> WithoutHalfCharacter(IReadOnlyList<WorkLogPiece> pieces)
    {
        Span<byte> last = stackalloc byte[3];
        var count = 0;
        for (var index = pieces.Count - 1; index >= 0 && count < last.Length; index--)
        {
            if (index < pieces.Count - 1 && !Follows(pieces, index + 1))
                break;
            var text = pieces[index].Text.Span;
            for (var at = text.Length - 1; at >= 0 && count < last.Length; at--)
                last[^++count] = text[at];
        }

        var begun = BegunAtTheEnd(last[^count..]);
        return begun == 0 ? pieces : [.. Until(pieces, pieces[^1].End - begun)];
    }

    private static IEnumerable<WorkLogPiece> Until(IReadOnlyList<WorkLogPiece> pieces, long end) =>
        pieces
            .TakeWhile(piece => piece.Offset < end)
            .Select(piece => piece.End <= end ? piece : piece with { Text = piece.Text[..(int)(end - piece.Offset)] });

    /// <summary>A piece as text; what is not UTF-8 becomes the replacement character.</summary>
    public static string TextOf(WorkLogPiece piece) => Encoding.UTF8.GetString(piece.Text.Span);

    private static bool Follows(IReadOnlyList<WorkLogPiece> pieces, int index) =>
        pieces[index - 1].Stream == pieces[index].Stream && pieces[index - 1].End == pieces[index].Offset;

    private static WorkLogPiece JoinRun(IReadOnlyList<WorkLogPiece> pieces, int first, int end, long limit)
    {
        var run = pieces[first];
        if (end - first > 1)
        {
            var text = new ArrayBufferWriter<byte>();
            for (var index = first; index < end; index++)
                text.Write(pieces[index].Text.Span);
            run = run with { Text = text.WrittenMemory };
        }

        return run.Text.Length > limit
            ? run with
            {
                Text = run.Text[..CutBetweenCharacters(run.Text.Span, (int)limit)],
            }
            : run;
    }

    private static int BegunAtTheEnd(ReadOnlySpan<byte> text)
    {
        for (var back = 1; back <= 3 && back <= text.Length; back++)
        {
            if ((text[^back] & 0xC0) == 0x80)
                continue;
            return Rune.DecodeFromUtf8(text[^back..], out _, out _) == OperationStatus.NeedMoreData ? back : 0;
        }

        return 0;
    }

    private static int CutBetweenCharacters(ReadOnlySpan<byte> text, int length)
    {
        // A continuation byte belongs to the character before it: go back to where that begins.
        var cut = length;
        while (cut > 0 && cut > length - 4 && (text[cut] & 0xC0) == 0x80)
            cut--;
        return cut == 0 ? length : cut;
    }
}
