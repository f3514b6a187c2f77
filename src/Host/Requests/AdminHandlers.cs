using System.Collections.Immutable;
using AptTask.Host.Engine;
using AptTask.Protocol;
using AptTask.Scheduling;

namespace AptTask.Host.Requests;

/// <summary>Requests of administrators.</summary>
internal sealed class AdminHandlers(
    TaskEngine engine,
    IReloader reloader,
    IWorkerRoster workers,
    DaemonFacts facts,
    TimeProvider time,
    Action shutdown
) : IRequestHandlers
{
    /// <inheritdoc/>
    public void Register(RequestRouter router)
    {
        router.Add<ReloadRequest>(Reload, admin: true);
        router.Add<StatsRequest>(StatsAsync, admin: true);
        router.Add<WorkersRequest>(Workers, admin: true);
        router.Add<LanesRequest>(LanesAsync, admin: true);
        router.Add<GroupsRequest>(GroupsAsync, admin: true);
        router.Add<PauseRequest>((context, request) => PauseAsync(request.Lane, context.Named, true), admin: true);
        router.Add<ResumeRequest>((context, request) => PauseAsync(request.Lane, context.Named, false), admin: true);
        router.Add<DrainRequest>(DrainAsync, admin: true);
        router.Add<ForgetRequest>(ForgetAsync, admin: true);
        router.Add<KillRequest>(KillAsync, admin: true);
        router.Add<ShutdownRequest>(ShutdownAsync, admin: true);
    }

    private ValueTask<Task<Answer>> Reload(RequestContext context, ReloadRequest request)
    {
        return ValueTask.FromResult(AnswerAsync());

        // Off the session's reader: a reload loads assemblies.
        async Task<Answer> AnswerAsync() => await Task.Run(reloader.ReloadAsync);
    }

    private async ValueTask<Task<Answer>> StatsAsync(RequestContext context, StatsRequest request)
    {
        return AnswerAsync(await engine.AskAsync((ledger, _) => ledger.Stats()));

        async Task<Answer> AnswerAsync(Task<EngineStats> asked)
        {
            var stats = await asked;
            var counts = stats.Counts;
            var uptime = (time.GetUtcNow() - stats.Since).TotalSeconds;
            return new StatsAnswer
            {
                Version = facts.Version,
                Pid = Environment.ProcessId,
                Started = stats.Since,
                UptimeSeconds = uptime,
                States = new Dictionary<string, long>
                {
                    ["waiting"] = stats.Groups.Sum(group => (long)group.Waiting),
                    ["ready"] = stats.Groups.Sum(group => (long)group.Ready),
                    ["running"] = stats.Groups.Sum(group => (long)group.Running),
                    ["backing_off"] = stats.Groups.Sum(group => (long)group.BackingOff),
                    ["kept"] = stats.Groups.Sum(group => (long)group.Kept),
                },
                Lanes = stats.Lanes.ToDictionary(lane => lane.Name.Value, lane => (long)lane.Used),
                Routines = stats.Routines.ToDictionary(entry => entry.Key, entry => (long)entry.Value),
                Groups = stats.Groups.ToDictionary(
                    group => group.Name.Value,
                    group => (long)group.Waiting + group.Ready + group.Running + group.BackingOff + group.Kept
                ),
                Totals = new Dictionary<string, long>
                {
                    ["accepted"] = counts.Accepted,
                    ["refused"] = counts.Refused,
                    ["attempts"] = counts.Started,
                    ["done"] = counts.Done,
                    ["failed"] = counts.Failed,
                    ["skipped"] = counts.Skipped,
                    ["stopped"] = counts.Stopped,
                    ["stale_ends"] = counts.StaleEnds,
                },
                Rates = new Dictionary<string, double>
                {
                    ["finished_per_second"] =
                        uptime > 0 ? (counts.Done + counts.Failed + counts.Skipped + counts.Stopped) / uptime : 0,
                    ["letters_per_commit"] = counts.Commits > 0 ? (double)counts.Letters / counts.Commits : 0,
                },
                Store = new StoreStats
                {
                    Path = facts.StorePath,
                    Durability = facts.Durability,
                    Bytes = stats.StoreBytes,
                    Commits = counts.Commits,
                },
                MemoryBytes = Environment.WorkingSet,
                Connections = facts.Connections(),
            };
        }
    }

    private ValueTask<Task<Answer>> Workers(RequestContext context, WorkersRequest request) =>
        ValueTask.FromResult(Task.FromResult<Answer>(new WorkersAnswer(workers.List())));

    private async ValueTask<Task<Answer>> LanesAsync(RequestContext context, LanesRequest request)
    {
        return AnswerAsync(await engine.AskAsync((ledger, _) => ledger.Lanes()));

        static async Task<Answer> AnswerAsync(Task<ImmutableArray<LaneView>> lanes) =>
            new LanesAnswer([
                .. (await lanes).Select(lane => new LaneRow
                {
                    Name = lane.Name.Value,
                    Width = lane.Options.Width,
                    Used = lane.Used,
                    Ready = lane.Ready,
                    Paused = lane.Paused,
                    Fair = lane.Options.Fair,
                    Groups = lane.Options.Groups.IsEmpty ? null : lane.Options.Groups,
                    Running = [.. lane.Running.Select(task => task.Value)],
                }),
            ]);
    }

    private async ValueTask<Task<Answer>> GroupsAsync(RequestContext context, GroupsRequest request)
    {
        var only = context.Named;
        return AnswerAsync(await engine.AskAsync((ledger, _) => ledger.Groups()));

        async Task<Answer> AnswerAsync(Task<ImmutableArray<GroupView>> groups) =>
            new GroupsAnswer([
                .. (await groups)
                    .Where(group => only is null || group.Name == only)
                    .Select(group => new GroupRow
                    {
                        Name = group.Name.Value,
                        Waiting = group.Waiting,
                        Ready = group.Ready,
                        Running = group.Running,
                        BackingOff = group.BackingOff,
                        Kept = group.Kept,
                        Paused = group.Paused,
                    }),
            ]);
    }

    private async ValueTask<Task<Answer>> PauseAsync(string? lane, GroupName? group, bool paused)
    {
        Input input = (lane, group) switch
        {
            ({ } name, null) => new Input.PauseLane(new LaneName(name), paused),
            (null, { } name) => new Input.PauseGroup(name, paused),
            _ => throw new RequestException(ErrorCodes.BadRequest, "Say which `lane` or which `group`, one of them."),
        };
        var changed = await engine.AskAsync(
            (ledger, now) =>
            {
                ledger.Change(input, now);
                return paused;
            }
        );
        return AnswerAsync();

        async Task<Answer> AnswerAsync() => new PauseAnswer(await changed) { Lane = lane, Group = group?.Value };
    }

    private async ValueTask<Task<Answer>> DrainAsync(RequestContext context, DrainRequest request)
    {
        if (request.Worker is { } worker)
        {
            var running =
                await workers.DrainAsync(worker, request.On)
                ?? throw new RequestException(
                    ErrorCodes.NotFound,
                    $"There is no worker `{worker}` on another machine."
                );
            return Task.FromResult<Answer>(new DrainAnswer(request.On, running));
        }
        var changed = await engine.AskAsync(
            (ledger, now) =>
            {
                ledger.Change(new Input.Drain(request.On), now);
                return ledger.Groups().Sum(group => group.Running);
            }
        );
        return AnswerAsync();

        async Task<Answer> AnswerAsync() => new DrainAnswer(request.On, await changed);
    }

    private async ValueTask<Task<Answer>> ForgetAsync(RequestContext context, ForgetRequest request)
    {
        var group = context.Named;
        // Compared as numbers first: not every number of seconds is a TimeSpan.
        var age = TimeSpan.FromSeconds(Math.Clamp(request.OlderThanSeconds, 0, TimeSpan.FromDays(36_500).TotalSeconds));
        var forgotten = await engine.AskAsync((ledger, now) => ledger.Forget(group, now - age, now));
        return AnswerAsync();

        async Task<Answer> AnswerAsync() => new ForgetAnswer(await forgotten);
    }

    private async ValueTask<Task<Answer>> KillAsync(RequestContext context, KillRequest request)
    {
        var group = context.Named;
        var killed = await engine.AskAsync((ledger, now) => ledger.KillAll(group, now));
        return AnswerAsync();

        // Of one group only its attempts; of all groups also the processes that stand ready.
        async Task<Answer> AnswerAsync() => new KillAnswer(await killed, group is null ? workers.KillAll() : 0);
    }

    private async ValueTask<Task<Answer>> ShutdownAsync(RequestContext context, ShutdownRequest request)
    {
        var running = await engine.AskAsync((ledger, _) => ledger.Groups().Sum(group => group.Running));
        // The answer goes out first: the doors close only when the daemon does.
        context.AfterAnswer = shutdown;
        return AnswerAsync();

        async Task<Answer> AnswerAsync() => new ShutdownAnswer(await running);
    }
}
