using System.Collections.Immutable;
using AptTask.Host.Engine;
using AptTask.Protocol;
using AptTask.Scheduling;

namespace AptTask.Host.Requests;

/// <summary>Requests that change tasks, or wait for them.</summary>
internal sealed class TaskHandlers(TaskEngine engine, TaskOrders orders, Views views, IAudit audit) : IRequestHandlers
{
    /// <inheritdoc/>
    public void Register(RequestRouter router)
    {
        router.Add<StartRequest>(StartAsync);
        router.Add<SubmitRequest>(SubmitAsync);
        router.Add<StopRequest>(StopAsync);
        router.Add<WaitRequest>(WaitAsync);
        router.Add<ResultRequest>(ResultAsync);
        router.Add<AckRequest>(AckAsync);
    }

    private async ValueTask<Task<Answer>> StartAsync(RequestContext context, StartRequest request)
    {
        CheckWaiting(request.OnFull, request.Id);
        NoteStart(context, request, request.Task.Routine);
        var task = orders.Read(request.Task, context);
        return Answer(
            await engine.SubmitAsync([task], request.Strict, request.OnFull == OnFull.Wait, context.Session.Closed)
        );

        static async Task<Answer> Answer(Task<SubmitOutcome> outcome) =>
            Accepted(await outcome)[0] is var first
                ? new StartAnswer(first.Task.Value, StateNames.Of(first.State), first.Deduplicated)
                : null!;
    }

    private async ValueTask<Task<Answer>> SubmitAsync(RequestContext context, SubmitRequest request)
    {
        CheckWaiting(request.OnFull, request.Id);
        if (request.Tasks.Count == 0)
            throw new RequestException(ErrorCodes.BadRequest, "`tasks` is empty; give at least one.");
        foreach (var routine in request.Tasks.Select(task => task.Routine).Distinct())
            NoteStart(context, request, routine);
        var tasks = ImmutableArray.CreateBuilder<NewTask>(request.Tasks.Count);
        foreach (var order in request.Tasks)
            tasks.Add(ReadOne(order, tasks.Count, context));
        return Answer(
            await engine.SubmitAsync(
                tasks.MoveToImmutable(),
                request.Strict,
                request.OnFull == OnFull.Wait,
                context.Session.Closed
            )
        );

        static async Task<Answer> Answer(Task<SubmitOutcome> outcome)
        {
            var accepted = Accepted(await outcome);
            var again = accepted.Where(task => task.Deduplicated).Select(task => task.Task.Value).ToList();
            return new SubmitAnswer([.. accepted.Select(task => task.Task.Value)])
            {
                Deduplicated = again.Count == 0 ? null : again,
            };
        }
    }

    private void NoteStart(RequestContext context, Request request, string routine) =>
        audit.Note(context.Session.Peer, context.Requester, request.Name, routine, orders.IsOffered(routine, context));

    private NewTask ReadOne(TaskOrder order, int index, RequestContext context)
    {
        try
        {
            return orders.Read(order, context);
        }
        catch (RequestException e)
        {
            // All or none: the client wants to know which of the many it was.
            throw new RequestException(
                (e.Error with { Message = $"tasks[{index}]: {e.Error.Message}" }).With("index", index)
            );
        }
    }

    private async ValueTask<Task<Answer>> StopAsync(RequestContext context, StopRequest request)
    {
        var task = context.TaskOf(request);
        audit.Note(context.Session.Peer, context.Requester, request.Name, task.Task?.ToString() ?? request.JobId, true);
        return Answer(await engine.AskAsync((ledger, now) => ledger.Stop(task, StopReason.Stop, request.Force, now)));

        static async Task<Answer> Answer(Task<StopOutcome> outcome)
        {
            var (stopped, state) = await outcome;
            return new StopAnswer(
                stopped.Value,
                StateNames.Of(state),
                Stopping: state is TaskState.Running { Stopping: not null }
            );
        }
    }

    private async ValueTask<Task<Answer>> WaitAsync(RequestContext context, WaitRequest request)
    {
        var tasks = request
            .TaskIds.Select(task => new TaskReference(context.Scope, new TaskId(task), null))
            .Concat(request.JobIds.Select(job => new TaskReference(context.Home, null, new JobId(job))))
            .ToImmutableArray();
        if (tasks.IsEmpty)
            throw new RequestException(ErrorCodes.BadRequest, "Say what to wait for: `taskid`, `taskids` or `jobids`.");
        TimeSpan? timeout = request.TimeoutSeconds is { } seconds
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestWait))
            : null;
        return Answer(await engine.WaitAsync(tasks, request.Any, timeout, context.Session.Closed));

        async Task<Answer> Answer(Task<ImmutableArray<TaskSnapshot>> waited)
        {
            var snapshots = await waited;
            var open = snapshots.Count(task => !task.State.IsFinal);
            var late = request.Any ? snapshots.Length > 0 && open == snapshots.Length : open > 0;
            return new WaitAnswer([.. snapshots.Select(Views.WaitedOf)], TimedOut: late);
        }
    }

    private const double LongestWait = 30 * 24 * 3600;

    private async ValueTask<Task<Answer>> ResultAsync(RequestContext context, ResultRequest request)
    {
        var task = context.TaskOf(request);
        return Answer(await engine.AskAsync((ledger, now) => ledger.Result(task, now)));

        async Task<Answer> Answer(Task<TaskResult> result) => new ResultAnswer(views.ResultOf(await result));
    }

    private async ValueTask<Task<Answer>> AckAsync(RequestContext context, AckRequest request)
    {
        var tasks =
            request.TaskIds.Count > 0
                ? request.TaskIds.Select(task => new TaskReference(context.Scope, new TaskId(task), null))
                : [context.TaskOf(request)];
        ImmutableArray<TaskReference> references = [.. tasks];
        return Answer(await engine.AskAsync((ledger, now) => ledger.Acknowledge(references, now)));

        static async Task<Answer> Answer(Task<ImmutableArray<TaskId>> acknowledged) =>
            new AckAnswer([.. (await acknowledged).Select(task => task.Value)]);
    }

    private static ImmutableArray<AcceptedTask> Accepted(SubmitOutcome outcome) =>
        outcome switch
        {
            SubmitOutcome.Accepted accepted => accepted.Tasks,
            SubmitOutcome.Refused refused => throw new RequestException(ErrorAnswers.Of(refused.Refusal)),
            _ => throw new InvalidOperationException("A submission is accepted or refused."),
        };

    private static void CheckWaiting(OnFull onFull, RequestId id)
    {
        if (onFull == OnFull.Wait && !id.IsGiven)
        {
            throw new RequestException(
                ErrorCodes.BadRequest,
                "\"on_full\": \"wait\" needs an `id`: its answer may come long after those of later requests."
            );
        }
    }
}
