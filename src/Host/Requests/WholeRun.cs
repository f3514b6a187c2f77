using AptTask.Host.Engine;
using AptTask.Protocol;
using AptTask.Scheduling;

namespace AptTask.Host.Requests;

/// <summary>
/// A session that submits tasks and stays until all of them have ended: it is told every event without asking, and at the end
/// every result that it has not fetched.
/// </summary>
internal sealed class WholeRun(TaskEngine engine, Views views, Session session)
{
    /// <summary>Tells the session every event from now on.</summary>
    public async Task WatchAsync()
    {
        var group = new GroupName(Requester.DefaultGroup);
        var sink = new WatchSink(session, RequestId.None, endsWithTask: false);
        await await engine.AskAsync((ledger, _) => ledger.Watch(group, null, null, sink));
        sink.Open();
    }

    /// <summary>Completes when no task is live any more, also none that was submitted meanwhile.</summary>
    public async Task WaitForAllAsync(CancellationToken stopping)
    {
        while (await await engine.AskAsync((ledger, _) => ledger.Live()) is { IsEmpty: false } live)
        {
            await await engine.WaitAsync(
                [.. live.Select(task => new TaskReference(null, task, null))],
                any: false,
                timeout: null,
                stopping
            );
        }
    }

    /// <summary>Tells the session the results that it has not fetched.</summary>
    /// <returns>Whether every task that was ever accepted is done.</returns>
    public async Task<bool> SayResultsAsync()
    {
        foreach (var kept in await await engine.AskAsync((ledger, _) => ledger.Kept()))
        {
            if (kept.Fetched)
                continue;
            var reference = new TaskReference(null, kept.Task, null);
            var result = await await engine.AskAsync((ledger, now) => ledger.Result(reference, now));
            await session.Outbox.ReserveAsync(CancellationToken.None);
            session.Outbox.Answer(
                RequestId.None,
                RequestNames.Result,
                Task.FromResult(Response.Of(new ResultAnswer(views.ResultOf(result))))
            );
        }

        var counts = await await engine.AskAsync((ledger, _) => ledger.Counts with { });
        return counts.Failed + counts.Skipped + counts.Stopped == 0;
    }
}
