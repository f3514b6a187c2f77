using System.IO.Pipelines;
using AptTask.Host.Engine;
using AptTask.Host.Requests;
using AptTask.Protocol;
using AptTask.Scheduling;

namespace AptTask.Host.Endpoints;

/// <summary>
/// The door of <c>aptaskd run</c>: takes lines from a file or standard input as an administrator, says answers and events, and when
/// the input has ended waits until every task is final and says the results that nobody fetched.
/// </summary>
internal sealed class LinesDoor(RequestRouter router, TaskEngine engine, Views views)
{
    /// <summary>Takes all lines.</summary>
    /// <param name="input">The lines.</param>
    /// <param name="output">Answers and events, one a line.</param>
    /// <param name="stopping">A person wants it to end: running tasks are stopped with the daemon.</param>
    /// <returns>Whether every line was understood and every task is done.</returns>
    public async Task<bool> RunAsync(PipeReader input, PipeWriter output, CancellationToken stopping)
    {
        using var session = new Session("run", Access.Owner);
        var writing = session.Outbox.WriteAllAsync(output, async () => await output.FlushAsync(CancellationToken.None));
        try
        {
            var group = new GroupName(Requester.DefaultGroup);
            var sink = new WatchSink(session, RequestId.None, group, endsWithTask: false);
            await await engine.AskAsync((ledger, _) => ledger.Watch(group, null, null, sink));
            sink.Open();
            var understood = await ReadAsync(session, input, stopping);
            await session.Outbox.DrainAsync(stopping);
            for (var place = 0; place < Outbox.OpenRequestLimit; place++)
                session.Outbox.Release();
            await WaitForAllAsync(stopping);
            return await SayResultsAsync(session) && understood && !session.Outbox.HasRefused;
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

    private async Task WaitForAllAsync(CancellationToken stopping)
    {
        while (true)
        {
            var live = await await engine.AskAsync((ledger, _) => ledger.Live());
            if (live.IsEmpty)
                return;
            await await engine.WaitAsync(
                [.. live.Select(task => new TaskReference(null, task, null))],
                any: false,
                timeout: null,
                stopping
            );
        }
    }

    private async Task<bool> SayResultsAsync(Session session)
    {
        var allDone = true;
        foreach (var page in await await engine.AskAsync((ledger, _) => ledger.Kept()))
        {
            allDone &= page.IsDone;
            if (page.Fetched)
                continue;
            var reference = new TaskReference(null, page.Task, null);
            var result = await await engine.AskAsync((ledger, now) => ledger.Result(reference, now));
            await session.Outbox.ReserveAsync(CancellationToken.None);
            session.Outbox.Answer(
                RequestId.None,
                RequestNames.Result,
                Task.FromResult(Response.Of(new ResultAnswer(views.ResultOf(result))))
            );
        }

        // Results that were acknowledged on the way count as well.
        var counts = await await engine.AskAsync((ledger, _) => ledger.Counts with { });
        return allDone && counts.Failed + counts.Skipped + counts.Stopped == 0;
    }
}
