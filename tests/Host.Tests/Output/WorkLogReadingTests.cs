using System.Text;
using AptTask.Host.Output;
using CsCheck;

namespace AptTask.Host.Tests.Output;

/// <summary>Pieces become text that people can read, whatever was printed and wherever it was cut.</summary>
public sealed class WorkLogReadingTests
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_character_that_was_printed_in_two_halves_is_one_again()
    {
        var joined = WorkLogReading.Join([Piece(0, [0xE2, 0x82]), Piece(2, [0xAC])], 100);

        Assert.Equal("€", WorkLogReading.TextOf(Assert.Single(joined)));
    }

    [Fact]
    public void Streams_and_gaps_are_not_joined()
    {
        var joined = WorkLogReading.Join(
            [Piece(0, "a"u8), Piece(1, "b"u8, "err"), Piece(2, "c"u8, "err"), Piece(9, "d"u8, "err")],
            100
        );

        Assert.Equal(["a", "bc", "d"], joined.Select(WorkLogReading.TextOf));
        Assert.Equal([0L, 1, 9], joined.Select(piece => piece.Offset));
    }

    [Fact]
    public void What_is_not_text_is_shown_as_such_and_escapes_stay_data()
    {
        var joined = WorkLogReading.Join([Piece(0, [(byte)'a', 0xFF, 0x1B, (byte)'[', (byte)'m', 0x00])], 100);

        Assert.Equal("a\uFFFD\u001b[m\0", WorkLogReading.TextOf(joined[0]));
    }

    [Fact]
    public void Reading_page_by_page_gives_every_byte_once_and_never_half_a_character() =>
        Gen.Select(
                Gen.OneOf('a', 'ü', '€', '日').Array[0, 60].Select(characters => new string(characters)),
                Gen.Int[4, 20],
                Gen.Int[1, 5]
            )
            .Sample(
                (text, limit, size) =>
                {
                    var pieces = Encoding
                        .UTF8.GetBytes(text)
                        .Chunk(size)
                        .Select((chunk, index) => Piece(index * size, chunk))
                        .ToList();
                    var (offset, read) = (0L, new StringBuilder());
                    while (WorkLogReading.Join(WorkLogReading.From(pieces, offset), limit) is { Count: > 0 } page)
                    {
                        Assert.True(page.Sum(piece => piece.Text.Length) <= limit);
                        foreach (var piece in page)
                            read.Append(WorkLogReading.TextOf(piece));
                        offset = page[^1].End;
                    }

                    Assert.Equal(text, read.ToString());
                },
                iter: 2_000
            );

    [Fact]
    public void A_page_of_what_is_not_text_ends_too()
    {
        var pieces = new[] { Piece(0, Enumerable.Repeat((byte)0x80, 1_000).ToArray()) };
        var offset = 0L;
        var pages = 0;
        while (WorkLogReading.Join(WorkLogReading.From(pieces, offset), 2) is { Count: > 0 } page)
        {
            offset = page[^1].End;
            Assert.True(++pages <= 1_000);
        }

        Assert.Equal(1_000, offset);
    }

    [Fact]
    public void A_character_that_has_only_begun_is_left_for_later_also_over_several_pieces()
    {
        Assert.Equal(
            "a",
            All(WorkLogReading.WithoutHalfCharacter([Piece(0, "a"u8), Piece(1, [0xE2]), Piece(2, [0x82])]))
        );
        Assert.Equal("a", All(WorkLogReading.WithoutHalfCharacter([Piece(0, [(byte)'a', 0xF0, 0x9F, 0x98])])));
        Assert.Empty(WorkLogReading.WithoutHalfCharacter([Piece(0, [0xC3])]));
        Assert.Empty(WorkLogReading.WithoutHalfCharacter([]));
    }

    [Fact]
    public void What_cannot_become_a_character_is_not_held_back()
    {
        Assert.Equal("a\uFFFD", All(WorkLogReading.WithoutHalfCharacter([Piece(0, [(byte)'a', 0xFF])])));
        Assert.Equal("a\uFFFD", All(WorkLogReading.WithoutHalfCharacter([Piece(0, [(byte)'a', 0x80])])));
        Assert.Equal("é", All(WorkLogReading.WithoutHalfCharacter([Piece(0, [0xC3]), Piece(1, [0xA9])])));
        // Another stream came between: the rest of it would not stand behind it.
        Assert.Equal(2, WorkLogReading.WithoutHalfCharacter([Piece(0, [0xC3]), Piece(1, "b"u8, "err")]).Count);
    }

    [Fact]
    public void Joining_many_small_pieces_costs_no_more_than_their_text()
    {
        var pieces = Enumerable.Range(0, 100_000).Select(index => Piece(index, "x"u8)).ToList();
        WorkLogReading.Join(pieces.Take(2).ToList(), long.MaxValue);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var joined = WorkLogReading.Join(pieces, long.MaxValue);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(100_000, Assert.Single(joined).Text.Length);
        Assert.True(allocated < 10 * 100_000, $"{allocated} bytes were needed.");
    }

    [Fact]
    public void Pieces_of_several_attempts_can_be_laid_end_to_end_in_the_store()
    {
        byte[] stored =
        [
            .. WorkLogCode.Write([Piece(0, "ab"u8)]),
            .. WorkLogCode.Write([Piece(2, [0xFF], "err"), Piece(3, "c"u8, "log")]),
        ];

        var pieces = WorkLogCode.Read(stored);

        Assert.Equal(
            [(0L, "out", At), (2, "err", At), (3, "log", At)],
            pieces.Select(piece => (piece.Offset, piece.Stream, piece.At))
        );
        Assert.Equal("b\uFFFDc", All(WorkLogReading.From(pieces, 1)));
    }

    private static WorkLogPiece Piece(long offset, ReadOnlySpan<byte> text, string stream = "out") =>
        new(offset, At, stream, text.ToArray());

    private static string All(IReadOnlyList<WorkLogPiece> pieces) =>
        string.Concat(WorkLogReading.Join(pieces, long.MaxValue).Select(WorkLogReading.TextOf));
}
