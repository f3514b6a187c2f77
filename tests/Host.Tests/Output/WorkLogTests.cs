using System.Text;
using AptTask.Host.Output;

namespace AptTask.Host.Tests.Output;

/// <summary>What a task prints is kept within bounds, and can be followed while it grows.</summary>
public sealed class WorkLogTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void What_fits_is_kept_whole_with_its_offsets_in_bytes()
    {
        var log = new WorkLog(4096, 100, TimeProvider.System);

        log.Append("out", "grüße\n"u8);
        log.Append("err", "oh\n"u8);
        log.Append("out", "ok\n"u8);

        var pieces = log.ReadFrom(0);
        Assert.Equal(
            [(100L, "out"), (108L, "err"), (111L, "out")],
            pieces.Select(piece => (piece.Offset, piece.Stream))
        );
        Assert.Equal("grüße\noh\nok\n", TextOf(pieces));
        Assert.Equal(114, log.Length);
    }

    [Fact]
    public void Of_too_much_the_beginning_and_the_end_are_kept_and_the_offsets_say_what_is_missing()
    {
        var log = new WorkLog(4096, 0, TimeProvider.System);
        for (var line = 0; line < 10_000; line++)
            log.Append("out", Encoding.UTF8.GetBytes($"{line:D6}\n"));

        var pieces = log.ReadFrom(0);

        Assert.Equal(70_000, log.Length);
        Assert.StartsWith("000000\n000001\n", TextOf(pieces), StringComparison.Ordinal);
        Assert.EndsWith("009998\n009999\n", TextOf(pieces), StringComparison.Ordinal);
        Assert.InRange(TextOf(pieces).Length, 2048, 4096);
        // Each piece stands where it was written: line n begins at byte 7 n.
        Assert.All(
            pieces,
            piece => Assert.Equal(piece.Offset, int.Parse(Encoding.UTF8.GetString(piece.Text.Span[..6])) * 7L)
        );
        Assert.Equal(70_000, pieces[^1].End);
        Assert.Single(Enumerable.Range(1, pieces.Count - 1), index => pieces[index].Offset > pieces[index - 1].End);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5_000)]
    [InlineData(1_000_000)]
    public void No_size_of_piece_takes_more_than_the_limit(int size)
    {
        const int Limit = 64 * 1024;
        var log = new WorkLog(Limit, 0, TimeProvider.System);
        for (var written = 0; written < 500_000; written += size)
        {
            // Two streams in turn, so that nothing can be gathered.
            log.Append("out", new byte[size]);
            log.Append("err", new byte[size]);
        }

        var (content, length) = log.Seal();

        Assert.True(content.Length <= Limit, $"{content.Length} bytes are kept.");
        Assert.Equal(log.Length, length);
        Assert.Equal(log.Length, WorkLogCode.Read(content)[^1].End);
    }

    [Fact]
    public void Single_characters_are_gathered_wherever_they_stand()
    {
        var log = new WorkLog(64 * 1024, 0, TimeProvider.System);
        for (var character = 0; character < 200_000; character++)
            log.Append("out", "x"u8);

        // More than nine tenths of what is kept is text, not the keeping of it.
        Assert.InRange(log.ReadFrom(0).Sum(piece => piece.Text.Length), 50_000, 64 * 1024);
    }

    [Fact]
    public void What_comes_after_the_end_is_not_taken()
    {
        var log = new WorkLog(4096, 0, TimeProvider.System);
        log.Append("out", "a"u8);

        var (content, length) = log.Seal();
        log.Append("out", "b"u8);

        Assert.Equal(1, length);
        Assert.Equal(1, log.Length);
        Assert.Equal("a", TextOf(WorkLogCode.Read(content)));
        Assert.False(log.IsComplete);
        log.Complete();
        Assert.True(log.IsComplete);
    }

    [Fact]
    public async Task Who_waits_is_woken_by_the_next_byte_and_by_the_end()
    {
        var log = new WorkLog(4096, 5, TimeProvider.System);
        var more = log.WaitBeyondAsync(5, TestContext.Current.CancellationToken);
        Assert.False(more.IsCompleted);

        log.Append("out", "a"u8);
        await more.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var end = log.WaitBeyondAsync(6, TestContext.Current.CancellationToken);
        Assert.False(end.IsCompleted);
        log.Complete();

        await end.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Many_followers_read_all_that_many_writers_write_without_gaps_or_doubles()
    {
        var log = new WorkLog(64L * 1024 * 1024, 7, TimeProvider.System);
        var followers = Enumerable
            .Range(0, 6)
            .Select(index => Task.Run(() => FollowAsync(log, 7 + (index % 3))))
            .ToList();
        var writers = Enumerable
            .Range(0, 4)
            .Select(writer =>
                Task.Run(() =>
                {
                    for (var line = 0; line < 2_000; line++)
                        log.Append(writer % 2 == 0 ? "out" : "err", Encoding.UTF8.GetBytes($"{writer}:{line}\n"));
                })
            );
        await Task.WhenAll(writers).WaitAsync(Patience, TestContext.Current.CancellationToken);
        log.Complete();

        var all = TextOf(log.ReadFrom(0));
        foreach (
            var (start, text) in await Task.WhenAll(followers)
                .WaitAsync(Patience, TestContext.Current.CancellationToken)
        )
            Assert.Equal(all[start..], text);
        for (var writer = 0; writer < 4; writer++)
        {
            // The lines of each writer are all there, in its order.
            var own = all.Split('\n').Where(line => line.StartsWith($"{writer}:", StringComparison.Ordinal));
            Assert.Equal(Enumerable.Range(0, 2_000).Select(line => $"{writer}:{line}"), own);
        }
    }

    [Fact]
    public void Each_attempt_has_a_live_worklog_of_its_own()
    {
        var logs = new LiveWorkLogs(4096, TimeProvider.System);
        var first = logs.Open(attempt: 1, start: 0);
        Assert.Same(first, logs.Open(attempt: 1, start: 0));
        var second = logs.Open(attempt: 2, start: 10);

        logs.Close(1);
        second.Append("out", "goes on"u8);

        Assert.True(first.IsComplete);
        Assert.Null(logs.Find(1));
        Assert.False(second.IsComplete);
        Assert.Equal(17, logs.Find(2)!.Length);
    }

    private static async Task<(int Start, string Text)> FollowAsync(WorkLog log, long from)
    {
        var (offset, text) = (from, new List<byte>());
        while (true)
        {
            await log.WaitBeyondAsync(offset, TestContext.Current.CancellationToken);
            var isComplete = log.IsComplete;
            foreach (var piece in log.ReadFrom(offset))
            {
                Assert.Equal(offset, piece.Offset);
                text.AddRange(piece.Text.Span);
                offset = piece.End;
            }

            if (isComplete)
                return ((int)from - 7, Encoding.UTF8.GetString([.. text]));
        }
    }

    private static string TextOf(IEnumerable<WorkLogPiece> pieces) =>
        Encoding.UTF8.GetString([.. pieces.SelectMany(piece => piece.Text.ToArray())]);
}
