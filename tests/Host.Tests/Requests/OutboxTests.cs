using System.IO.Pipelines;
using AptTask.Host.Requests;
using AptTask.Protocol;

namespace AptTask.Host.Tests.Requests;

public sealed class OutboxTests
{
    [Fact]
    public async Task A_client_that_reads_small_answers_may_have_more_of_them_open_and_one_with_large_answers_may_not()
    {
        using var outbox = new Outbox();
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var writing = outbox.WriteAllAsync(pipe.Writer, FlushAsync);

        await SayAsync("small");
        Assert.Equal(2 * Outbox.LargeAnswerLimit, outbox.LargeRoom);
        await SayAsync(new string('x', 100_000));
        Assert.Equal(Outbox.LargeAnswerLimit, outbox.LargeRoom);

        outbox.Complete();
        await writing;

        async ValueTask FlushAsync() => await pipe.Writer.FlushAsync();

        // As many answers as there may be without knowing the client.
        async Task SayAsync(string text)
        {
            for (var i = 0; i < Outbox.LargeAnswerLimit; i++)
            {
                await outbox.ReserveAsync(CancellationToken.None);
                await outbox.ReserveLargeAsync(CancellationToken.None);
                var answer = Response.Of(new WireError(ErrorCodes.NotFound, text));
                outbox.Answer(RequestId.Of(i), "result", Task.FromResult(answer), isLarge: true);
            }
            await outbox.DrainAsync(CancellationToken.None);
            outbox.Reopen();
        }
    }
}
