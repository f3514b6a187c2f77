using System.Collections.Immutable;
using AptTask.Host.Engine;
using AptTask.Host.Store;
using AptTask.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AptTask.Host.Tests.Engine;

/// <summary>
/// The real engine on a real database file of its own, with a runner and a clock that the test holds in its hands. It can be
/// shut down, or fall dead, and be opened again.
/// </summary>
internal sealed class EngineBench : IAsyncDisposable
{
    /// <summary>Costs time only when a test fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("engine-").FullName;
    private EngineOptions _options;
    private TaskEngine? _engine;

    public EngineBench(int width = 1, GroupLimits? limits = null, LedgerOptions? ledger = null)
    {
        _options = new EngineOptions
        {
            Scheduling = new SchedulerOptions
            {
                Lanes = ImmutableDictionary<LaneName, LaneOptions>.Empty.Add(
                    new LaneName("default"),
                    new LaneOptions(width, true, [])
                ),
                Groups = limits is null ? [] : [limits],
                Caps = ImmutableDictionary<string, int>.Empty.Add("capped", 1),
            },
            Ledger = ledger ?? new LedgerOptions(),
            ShutdownGrace = TimeSpan.FromSeconds(10),
        };
    }

    public static GroupName Site { get; } = new("site");

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public ScriptedRunner Runner { get; private set; } = new();

    public GatedStore Store { get; private set; } = null!;

    public TaskEngine Engine => _engine!;

    public string DatabasePath => Path.Combine(_folder, "tasks.db");

    /// <summary>Opens the file and begins.</summary>
    public async Task<EngineBench> OpenAsync()
    {
        Runner = new ScriptedRunner();
        Store = new GatedStore(SqliteTaskStore.Open(DatabasePath, StoreDurability.Normal));
        _engine = new TaskEngine(Store, Runner, _options, () => 1, Time, NullLogger<TaskEngine>.Instance);
        await _engine.StartAsync(CancellationToken.None);
        await _engine.Ready.WaitAsync(Patience);
        return this;
    }

    /// <summary>The daemon falls dead: what is not written is gone, and nobody says goodbye.</summary>
    public async Task FallDeadAsync()
    {
        await Engine.AskAsync<bool>((_, _) => throw new IOException("The machine is dead."));
        await CloseAsync();
    }

    /// <summary>Shuts down. Attempts that do not stop when they are asked to cost the clock its grace.</summary>
    public async Task ShutDownAsync()
    {
        var stopping = Engine.StopAsync(CancellationToken.None);
        while (!stopping.IsCompleted)
        {
            await Task.WhenAny(stopping, Runner.NextStopAsync());
            if (!Runner.Obeys)
                Time.Advance(_options.ShutdownGrace);
        }

        await stopping.WaitAsync(Patience);
        await CloseAsync();
    }

    public void Change(Func<EngineOptions, EngineOptions> change) => _options = change(_options);

    public static NewTask TaskOf(
        string? job = null,
        KeepRule keep = KeepRule.Ack,
        Func<TaskSpec, TaskSpec>? with = null,
        string routine = "work"
    )
    {
        var spec = new TaskSpec
        {
            Id = default,
            Group = Site,
            Lane = new LaneName("default"),
            Job = job is null ? null : new JobId(job),
            Fingerprint = job?.GetHashCode(StringComparison.Ordinal) ?? 0,
        };
        return new NewTask(with?.Invoke(spec) ?? spec, new WorkOrder(routine, "{}"u8.ToArray(), null, Role.User, keep));
    }

    public static Dependency On(string job, DependencyCondition when = DependencyCondition.Done) =>
        new(new JobId(job), when);

    public async Task<SubmitOutcome> TrySubmitAsync(
        ImmutableArray<NewTask> tasks,
        bool strict = false,
        bool waits = false
    ) =>
        await (await Engine.SubmitAsync(tasks, strict, waits, TestContext.Current.CancellationToken)).WaitAsync(
            Patience
        );

    public async Task<TaskId> SubmitAsync(NewTask task) => (await SubmitAsync([task]))[0];

    /// <summary>Submits without waiting for the answer.</summary>
    public async Task SubmitAsyncUnanswered(NewTask task) =>
        await Engine.SubmitAsync([task], false, false, CancellationToken.None);

    public async Task<ImmutableArray<TaskId>> SubmitAsync(params ImmutableArray<NewTask> tasks)
    {
        var accepted = Assert.IsType<SubmitOutcome.Accepted>(await TrySubmitAsync(tasks));
        return [.. accepted.Tasks.Select(task => task.Task)];
    }

    public async Task<T> AskAsync<T>(Func<TaskLedger, DateTimeOffset, T> work) =>
        await (await Engine.AskAsync(work)).WaitAsync(Patience);

    public Task<TaskSnapshot> StatusAsync(TaskId task) => AskAsync((ledger, _) => ledger.Status(Of(task)));

    public async Task<TaskState> StateAsync(TaskId task) => (await StatusAsync(task)).State;

    public Task<TaskResult> ResultAsync(TaskId task) => AskAsync((ledger, now) => ledger.Result(Of(task), now));

    public Task<ImmutableArray<TaskId>> AckAsync(TaskId task) =>
        AskAsync((ledger, now) => ledger.Acknowledge([Of(task)], now));

    public Task<bool> IsGoneAsync(TaskId task) => AskAsync((ledger, _) => ledger.TryFind(task) is null);

    public async Task<TaskSnapshot> WhenFinalAsync(TaskId task)
    {
        var waited = await Engine.WaitAsync([Of(task)], false, null, TestContext.Current.CancellationToken);
        return (await waited.WaitAsync(Patience))[0];
    }

    /// <summary>Lets the clock go on; what is due has been done when it returns.</summary>
    public async Task AdvanceAsync(TimeSpan span)
    {
        // What was said before has been taken at the time before.
        await AskAsync((_, _) => true);
        Time.Advance(span);
        // The alarm's letter was written before this one.
        await AskAsync((_, _) => true);
    }

    public static TaskReference Of(TaskId task) => new(Site, task, null);

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            if (!_engine.ExecuteTask!.IsCompleted)
                await FallDeadAsync();
            else
                await CloseAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task CloseAsync()
    {
        await Task.WhenAny(_engine!.ExecuteTask!).WaitAsync(Patience);
        _engine.Dispose();
        Store.Dispose();
        _engine = null;
    }
}
