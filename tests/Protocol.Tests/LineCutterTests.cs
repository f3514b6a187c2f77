using System.Buffers;
using System.Text;
using CsCheck;

namespace AptTask.Protocol.Tests;

public sealed class LineCutterTests
{
    private static List<string> CutAll(LineCutter cutter, byte[] bytes, int pieceSize, out Cut last, out string rest)
    {
        var lines = new List<string>();
        var held = Array.Empty<byte>();
        last = Cut.NeedMore;
        // As a pipe does it: what was not consumed comes again, with more behind it.
        for (var start = 0; start < bytes.Length && last != Cut.TooLong; start += pieceSize)
        {
            held = [.. held, .. bytes.AsSpan(start, Math.Min(pieceSize, bytes.Length - start))];
            var buffer = Pieces.Of(held, size: 3);
            while ((last = cutter.TryCut(ref buffer, out var line)) == Cut.Line)
                lines.Add(Encoding.UTF8.GetString(line.ToArray()));
            held = buffer.ToArray();
        }
        var left = new ReadOnlySequence<byte>(held);
        rest = cutter.TryCutRest(ref left, out var end) ? Encoding.UTF8.GetString(end.ToArray()) : "";
        return lines;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Lines_come_out_whole_however_the_bytes_arrive(int pieceSize)
    {
        var lines = CutAll(
            new LineCutter(100),
            "one\n\ntwo\r\n\r\nthree\nfo"u8.ToArray(),
            pieceSize,
            out var last,
            out var rest
        );
        Assert.Equal(["one", "two", "three"], lines);
        Assert.Equal(Cut.NeedMore, last);
        Assert.Equal("fo", rest);
    }

    [Fact]
    public void A_line_of_exactly_the_limit_is_taken_and_one_byte_more_is_not()
    {
        Assert.Equal(["12345678"], CutAll(new LineCutter(8), "12345678\n"u8.ToArray(), 100, out _, out _));
        Assert.Empty(CutAll(new LineCutter(8), "123456789\n"u8.ToArray(), 100, out var last, out _));
        Assert.Equal(Cut.TooLong, last);
    }

    [Fact]
    public void A_line_without_end_is_noticed_at_the_limit_and_not_later()
    {
        var cutter = new LineCutter(8);
        var buffer = new ReadOnlySequence<byte>("12345678"u8.ToArray());
        Assert.Equal(Cut.NeedMore, cutter.TryCut(ref buffer, out _));
        buffer = new ReadOnlySequence<byte>("123456789"u8.ToArray());
        Assert.Equal(Cut.TooLong, cutter.TryCut(ref buffer, out _));
    }

    [Fact]
    public void Nothing_is_read_behind_a_line_that_was_too_long()
    {
        var cutter = new LineCutter(8);
        var buffer = new ReadOnlySequence<byte>("123456789\nshort\n"u8.ToArray());
        Assert.Equal(Cut.TooLong, cutter.TryCut(ref buffer, out _));
        Assert.Equal(Cut.TooLong, cutter.TryCut(ref buffer, out _));
        var fresh = new ReadOnlySequence<byte>("short\n"u8.ToArray());
        Assert.Equal(Cut.TooLong, cutter.TryCut(ref fresh, out _));
        Assert.False(cutter.TryCutRest(ref fresh, out _));
    }

    [Fact]
    public void The_limit_can_be_raised_between_lines()
    {
        var cutter = new LineCutter(4);
        var buffer = new ReadOnlySequence<byte>("key\na longer line\n"u8.ToArray());
        Assert.Equal(Cut.Line, cutter.TryCut(ref buffer, out _));
        cutter.Limit = 100;
        Assert.Equal(Cut.Line, cutter.TryCut(ref buffer, out var line));
        Assert.Equal("a longer line", Encoding.UTF8.GetString(line.ToArray()));
    }

    [Fact]
    public void Cutting_agrees_with_splitting_for_any_bytes_in_any_pieces() =>
        Gen.Select(Gen.Byte[10, 16].Array[0, 60], Gen.Int[1, 9])
            .Sample(
                (bytes, pieceSize) =>
                {
                    var lines = CutAll(new LineCutter(1000), bytes, pieceSize, out _, out var rest);
                    var split = Encoding.UTF8.GetString(bytes).Split('\n');
                    static string Trim(string line) => line.EndsWith('\r') ? line[..^1] : line;
                    Assert.Equal(split[..^1].Select(Trim).Where(line => line.Length > 0), lines);
                    Assert.Equal(Trim(split[^1]), rest);
                },
                iter: 20_000,
                threads: 1
            );
}
