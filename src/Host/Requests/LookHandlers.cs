using System.Collections.Immutable;
using System.Globalization;
using AptTask.Host.Engine;
using AptTask.Protocol;

namespace AptTask.Host.Requests;

/// <summary>Requests that look and change nothing.</summary>
internal sealed class LookHandlers(
    TaskEngine engine,
    IRoutineCatalogue catalogue,
    Views views,
    TaskLimits limits,
    string version
) : IRequestHandlers
{
    /// <inheritdoc/>
    public void Register(RequestRouter router)
    {
        router.Add<HelloRequest>(Hello);
        router.Add<IndexRequest>(Index);
        router.Add<ActiveRequest>(ActiveAsync);
        router.Add<TasksRequest>(TasksAsync);
        router.Add<StatusRequest>(StatusAsync);
        router.Add<ExplainRequest>(ExplainAsync);
    }

    private ValueTask<Task<Answer>> Hello(RequestContext context, HelloRequest request) =>
        Now(
            new HelloAnswer
            {
                Server = "AptTask",
                Version = version,
                Role = context.Requester.Role.ToString().ToLowerInvariant(),
                Groups = context.Requester.Groups,
                Limits = new HelloLimits { OpenRequests = Outbox.OpenRequestLimit },
            }
        );

    private ValueTask<Task<Answer>> Index(RequestContext context, IndexRequest request) =>
        Now(
            new IndexAnswer([
                .. catalogue
                    .Routines.Select(routine => routine.Descriptor)
                    .Where(routine => context.Requester.MayRun(routine, context.Home))
                    .Select(Views.RoutineOf),
            ])
        );

    private async ValueTask<Task<Answer>> ActiveAsync(RequestContext context, ActiveRequest request)
    {
        var group = context.Home;
        return Answer(await engine.AskAsync((ledger, _) => ledger.Active(group, limits.ActiveRows)));

        static async Task<Answer> Answer(Task<(ImmutableArray<TaskSnapshot> Tasks, int More)> active)
        {
            var (tasks, more) = await active;
            return new ActiveAnswer([.. tasks.Select(Views.RowOf)], more);
        }
    }

    private async ValueTask<Task<Answer>> TasksAsync(RequestContext context, TasksRequest request)
    {
        var filter = new TaskFilter
        {
            Group = context.Scope,
            States = [.. request.States],
            Routine = request.Routine,
            JobPrefix = request.JobIdPrefix,
            Since = request.CreatedAfter,
            Until = request.CreatedBefore,
            After = CursorOf(request.Cursor),
            Limit = request.Limit ?? 100,
        };
        return Answer(await engine.AskAsync((ledger, _) => ledger.Page(filter)));

        async Task<Answer> Answer(Task<TaskPage> page)
        {
            var (tasks, next) = await page;
            return new TasksAnswer([.. tasks.Select(views.TaskOf)], next?.ToString(CultureInfo.InvariantCulture));
        }
    }

    private async ValueTask<Task<Answer>> StatusAsync(RequestContext context, StatusRequest request)
    {
        var task = context.TaskOf(request);
        return Answer(await engine.AskAsync((ledger, _) => ledger.Status(task)));

        async Task<Answer> Answer(Task<TaskSnapshot> status) => new StatusAnswer(views.TaskOf(await status));
    }

    private async ValueTask<Task<Answer>> ExplainAsync(RequestContext context, ExplainRequest request)
    {
        var task = context.TaskOf(request);
        return Answer(await engine.AskAsync((ledger, now) => ledger.Explain(task, now)));

        static async Task<Answer> Answer(
            Task<(TaskSnapshot Task, ImmutableArray<Scheduling.Obstacle> Obstacles)> explained
        )
        {
            var (snapshot, obstacles) = await explained;
            return new ExplainAnswer(
                snapshot.Spec.Id.Value,
                StateNames.Of(snapshot.State),
                Explanations.Of(snapshot, obstacles)
            )
            {
                JobId = snapshot.Spec.Job?.Value,
            };
        }
    }

    private static ValueTask<Task<Answer>> Now(Answer answer) => ValueTask.FromResult(Task.FromResult(answer));

    private static long CursorOf(string? cursor) =>
        cursor is null ? 0
        : long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after
        : throw new RequestException(ErrorCodes.BadRequest, "`cursor` is not one that an earlier page gave.");
}
