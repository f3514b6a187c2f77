using AptTask.Host.Engine;
using AptTask.Host.Output;
using AptTask.Protocol;
using AptTask.Scheduling;

namespace AptTask.Host.Requests;

/// <summary>Requests that are answered and then go on as events.</summary>
internal sealed class StreamHandlers(TaskEngine engine, LiveWorkLogs live) : IRequestHandlers
{
    private const int LogBytes = 256 * 1024;

    /// <inheritdoc/>
    public void Register(RequestRouter router)
    {
        router.Add<WatchRequest>(WatchAsync);
        router.Add<LogRequest>(LogAsync);
    }

    private async ValueTask<Task<Answer>> WatchAsync(RequestContext context, WatchRequest request)
    {
        var group = context.Home;
        var ofOne = request.TaskId is not null || request.JobId is not null;
        TaskReference? only = ofOne ? context.TaskOf(request) : null;
        var sink = new WatchSink(context.Session, request.Id, endsWithTask: ofOne);
        var watching = await engine.AskAsync(
            (ledger, _) => ledger.Watch(group, only, request.From is { } from ? Math.Max(0, from - 1) : null, sink)
        );
        context.AfterAnswer = sink.Open;
        if (!ofOne)
            context.Session.IsWatching = true;
        else
            context.Stream = HoldPlaceAsync(context.Session, sink.Ended);
        return AnswerAsync();

        async Task<Answer> AnswerAsync()
        {
            try
            {
                var outcome = await watching;
                if (outcome is WatchOutcome.EventsGone gone)
                {
                    throw new RequestException(
                        new WireError(
                            ErrorCodes.EventsGone,
                            $"The events before {gone.OldestSequence} are no longer here. Ask from there, and read `active` for what you missed."
                        ).With("seq", gone.OldestSequence)
                    );
                }

                var (subscription, sequence) = (WatchOutcome.Watching)outcome;
                context.Session.WhenClosing(async () =>
                    await await engine.AskAsync((ledger, _) => ledger.Unwatch(subscription))
                );
                // It was final before it was watched: no event will say so any more.
                if (ofOne && await IsFinalAsync(only!.Value))
                    sink.End(subscription.Group);
                return new WatchAnswer(sequence);
            }
            catch
            {
                sink.End(group);
                throw;
            }
        }
    }

    private async ValueTask<Task<Answer>> LogAsync(RequestContext context, LogRequest request)
    {
        var task = context.TaskOf(request);
        var offset = request.Offset ?? 0;
        var asked = await engine.AskAsync((ledger, _) => ledger.WorkLog(task));
        var limit = Math.Min(request.Limit ?? LogBytes, LogBytes);
        var next = new TaskCompletionSource<(long Task, long Offset)>(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        if (request.Follow)
        {
            var following = FollowAsync(context, request.Id, next.Task);
            context.Stream = HoldPlaceAsync(context.Session, following);
        }

        return AnswerAsync();

        async Task<Answer> AnswerAsync()
        {
            try
            {
                var (snapshot, content) = await asked;
                var id = snapshot.Spec.Id.Value;
                var all = PiecesFrom(content, snapshot.State, offset);
                var shown = WorkLogReading.Join(all, limit);
                // What follows begins behind what is shown, so a character that has only begun is left for then.
                if (!snapshot.State.IsFinal)
                    shown = WorkLogReading.WithoutHalfCharacter(shown);
                var end = shown.Count > 0 ? shown[^1].End : offset;
                next.TrySetResult((id, end));
                var lost = shown.Count > 0 ? shown[0].Offset - offset : 0;
                return new LogAnswer(
                    id,
                    Views.EntriesOf(shown),
                    end,
                    Complete: snapshot.State.IsFinal && (all.Count == 0 || all[^1].End <= end)
                )
                {
                    LostBytes = lost > 0 ? lost : null,
                };
            }
            catch (Exception e)
            {
                next.TrySetException(e);
                throw;
            }
        }
    }

    private async Task FollowAsync(RequestContext context, RequestId id, Task<(long Task, long Offset)> start)
    {
        var session = context.Session;
        try
        {
            var (task, offset) = await start;
            var reference = new TaskReference(context.Scope, new TaskId(task), null);
            // The answer with what was there already has its place before the first event.
            var moves = new MoveSignal();
            var group = (await await engine.AskAsync((ledger, _) => ledger.Status(reference))).Spec.Group;
            var watching = await await engine.AskAsync((ledger, _) => ledger.Watch(group, reference, null, moves));
            try
            {
                offset = await FollowAttemptsAsync(session, id, reference, offset, moves);
                session.Outbox.Event(new EndEvent { Id = id, TaskId = task });
            }
            finally
            {
                if (watching is WatchOutcome.Watching { Subscription: var subscription })
                    await await engine.AskAsync((ledger, _) => ledger.Unwatch(subscription));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or LetterException or EngineStoppedException)
        {
            // The client has gone, the task was acknowledged, or the daemon stops: there is nothing left to follow.
            session.Outbox.Event(new EndEvent { Id = id });
        }
    }

    private async Task<long> FollowAttemptsAsync(
        Session session,
        RequestId id,
        TaskReference reference,
        long offset,
        MoveSignal moves
    )
    {
        while (true)
        {
            var (snapshot, content) = await await engine.AskAsync((ledger, _) => ledger.WorkLog(reference));
            var stored = WorkLogReading.From(WorkLogCode.Read(content), offset);
            offset = await SayAsync(session, id, reference, stored, offset);
            if (snapshot.State.IsFinal)
                return offset;
            if (snapshot.State is not TaskState.Running running)
            {
                await moves.NextAsync(session.Closed);
                continue;
            }

            var log = live.Open(running.Token.Value, snapshot.WorkLogLength);
            // Looked at again after the log was opened: an attempt that ended between would never close it.
            var again = await await engine.AskAsync((ledger, _) => ledger.Status(reference));
            if (again.State is not TaskState.Running still || still.Token != running.Token)
            {
                live.Close(running.Token.Value);
                continue;
            }

            offset = await FollowAttemptAsync(session, id, reference, offset, log);
        }
    }

    private static async Task<long> FollowAttemptAsync(
        Session session,
        RequestId id,
        TaskReference reference,
        long offset,
        WorkLog log
    )
    {
        var seen = offset;
        while (true)
        {
            await log.WaitBeyondAsync(seen, session.Closed);
            // Asked before the reading: what is read then is all that there will be.
            var isComplete = log.IsComplete;
            var pieces = log.ReadFrom(offset);
            if (pieces.Count > 0)
                seen = pieces[^1].End;
            offset = await SayAsync(
                session,
                id,
                reference,
                isComplete ? pieces : WorkLogReading.WithoutHalfCharacter(pieces),
                offset
            );
            if (isComplete)
                return offset;
        }
    }

    /// <summary>Says pieces bit by bit, at the pace of the one who reads: what the worklog drops meanwhile is dropped for him too.</summary>
    private static async Task<long> SayAsync(
        Session session,
        RequestId id,
        TaskReference task,
        IReadOnlyList<WorkLogPiece> pieces,
        long offset
    )
    {
        while (pieces.Count > 0)
        {
            foreach (var piece in WorkLogReading.Join(pieces, LogBytes))
            {
                var said = new LogEvent
                {
                    Id = id,
                    At = piece.At,
                    TaskId = task.Task!.Value.Value,
                    Offset = piece.Offset,
                    Stream = piece.Stream,
                    Text = WorkLogReading.TextOf(piece),
                };
                await session.Outbox.EventAsync(said, session.Closed);
                offset = piece.End;
            }

            pieces = WorkLogReading.From(pieces, offset);
        }

        return offset;
    }

    private IReadOnlyList<WorkLogPiece> PiecesFrom(ReadOnlyMemory<byte> stored, TaskState state, long offset)
    {
        var pieces = WorkLogReading.From(WorkLogCode.Read(stored), offset);
        if (state is not TaskState.Running running || live.Find(running.Token.Value) is not { } log)
            return pieces;
        var end = pieces.Count > 0 ? pieces[^1].End : offset;
        return [.. pieces, .. log.ReadFrom(end)];
    }

    private async Task<bool> IsFinalAsync(TaskReference task) =>
        (await await engine.AskAsync((ledger, _) => ledger.TryFind(task)?.State.IsFinal)) ?? true;

    /// <summary>A stream of events is open like a request: the connection stays for it, and is not idle.</summary>
    private static async Task HoldPlaceAsync(Session session, Task stream)
    {
        await session.Outbox.ReserveAsync(session.Closed);
        try
        {
            await Task.WhenAny(stream, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, session.Closed));
        }
        finally
        {
            session.Outbox.Release();
        }
    }
}
