using System.IO.Pipelines;
using AptTask.Host.Requests;
using AptTask.Protocol;

namespace AptTask.Host.Endpoints;

/// <summary>
/// The door of <c>aptaskd run</c>: takes lines from a file or standard input, says answers and events, and when the input has ended
/// stays until every task has.
/// </summary>
internal sealed class LinesDoor(RequestRouter router, Func<Session, WholeRun> begin)
{
    /// <summary>Takes all lines.</summary>
    /// <param name="input">The lines.</param>
    /// <param name="output">Answers and events, one a line.</param>
    /// <param name="stopping">A person wants it to end: running tasks are stopped with the daemon.</param>
    /// <returns>Whether every line was understood and every task is done.</returns>
    public async Task<bool> RunAsync(PipeReader input, PipeWriter output, CancellationToken stopping)
    {
        using var session = new Session("run", isOwner: true);
        var run = begin(session);
        var writing = session.Outbox.WriteAllAsync(output, async () => await output.FlushAsync(CancellationToken.None));
        try
        {
            await run.WatchAsync();
            var understood = await ReadAsync(session, input, stopping);
            await session.Outbox.DrainAsync(stopping);
            session.Outbox.Reopen();
            await run.WaitForAllAsync(stopping);
            return await run.SayResultsAsync() && understood && !session.Outbox.HasRefused;
        }
        finally
        {
            await session.CloseAsync();
            await writing;
            await output.CompleteAsync();
        }
    }

    private async Task<bool> ReadAsync(Session session, PipeReader input, CancellationToken stopping)
    {
        var cutter = new LineCutter(WireLimits.LineBytes);
        while (true)
        {
            var read = await input.ReadAsync(stopping);
            var buffer = read.Buffer;
            Cut cut;
            while ((cut = cutter.TryCut(ref buffer, out var line)) == Cut.Line)
                await router.TakeAsync(session, RequestReader.Read(line));
            if (cut == Cut.TooLong)
            {
                session.Outbox.Refuse(
                    new WireError(
                        ErrorCodes.LineTooLong,
                        $"A line has at most {cutter.Limit} bytes; nothing more is read."
                    )
                );
                return false;
            }

            if (read.IsCompleted)
            {
                if (cutter.TryCutRest(ref buffer, out var rest))
                    await router.TakeAsync(session, RequestReader.Read(rest));
                return true;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}
