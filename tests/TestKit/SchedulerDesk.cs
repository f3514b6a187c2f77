using System.Collections.Immutable;
using AptTask.Scheduling;
using Xunit;

namespace AptTask.TestKit;

/// <summary>
/// Drives a <see cref="Scheduler"/> by hand: the test plays the clock, the clients and the workers. After each input the
/// invariants are checked, and a test must look at every effect before it sends the next input.
/// </summary>
/// <remarks>
/// Tasks are named by their job ids. Effects are written as <c>accept a</c>, <c>a waits 2</c>, <c>a ready</c>, <c>start a #1</c>,
/// <c>a done</c>, <c>a failed exitcode</c>, <c>a skipped b</c>, <c>wake +5</c>. Accepts, moves to ready or waiting and moves to
/// running are left out unless <see cref="Verbose"/> is set: most tests are not about them.
/// </remarks>
public sealed class SchedulerDesk
{
    /// <summary>The group and the lane that tasks are of unless a test says otherwise.</summary>
    public static readonly GroupName Home = new("home");
    public static readonly LaneName Main = new("main");

    private readonly Dictionary<(GroupName, string), TaskId> _ids = [];
    private readonly Dictionary<TaskId, string> _names = [];
    private readonly Dictionary<TaskId, AttemptToken> _tokens = [];
    private readonly List<Effect> _unread = [];
    private long _lastId;

    public SchedulerDesk(int width = 1)
        : this(Options((Main.Value, width))) { }

    public SchedulerDesk(SchedulerOptions options)
    {
        Configuration = options;
        Scheduler = new Scheduler(options, AttemptToken.BeforeFirstOf(1));
    }

    public Scheduler Scheduler { get; }

    public SchedulerOptions Configuration { get; private set; }

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

    public GroupName Group { get; set; } = Home;

    /// <summary>Whether <see cref="Expect"/> speaks of every effect.</summary>
    public bool Verbose { get; set; }

    /// <summary>The effects that no test has looked at yet.</summary>
    public IReadOnlyList<Effect> Unread => _unread;

    public TaskState? this[string name] => Scheduler.StateOf(Id(name));

    public static SchedulerOptions Options(params (string Name, int Width)[] lanes) =>
        new()
        {
            Lanes = lanes.ToImmutableDictionary(
                lane => new LaneName(lane.Name),
                lane => new LaneOptions(lane.Width, Fair: true, [])
            ),
        };

    /// <summary>The next task: its name is its job id. A test changes what it is about with <c>with</c>.</summary>
    public TaskSpec Task(string name, params string[] waitFor)
    {
        var id = new TaskId(++_lastId);
        _names[id] = name;
        return new TaskSpec
        {
            Id = id,
            Group = Group,
            Lane = Main,
            Job = new JobId(name),
            WaitFor = [.. waitFor.Select(ParseDependency)],
            Fingerprint = string.Join(' ', waitFor).Length,
        };
    }

    /// <summary>Submits tasks written as <c>name</c> or <c>name &lt; dependency dependency</c>, a dependency as <c>job</c> or <c>job:failed</c>.</summary>
    public SchedulerDesk Submit(params string[] lines) => Submit([.. lines.Select(Parse)]);

    public SchedulerDesk Submit(params TaskSpec[] tasks) => Send(new Input.Submit([.. tasks]));

    public SchedulerDesk SubmitStrict(params string[] lines) =>
        Send(new Input.Submit([.. lines.Select(Parse)], Strict: true));

    public SchedulerDesk Succeed(string name) => End(name, AttemptOutcome.Succeeded.Instance);

    public SchedulerDesk Fail(
        string name,
        FailureReason reason = FailureReason.ExitCode,
        bool retryable = true,
        double jitter = 0
    ) => End(name, new AttemptOutcome.Failed(reason, retryable), jitter);

    /// <summary>Ends the attempt that was started last.</summary>
    public SchedulerDesk End(string name, AttemptOutcome outcome, double jitter = 0) =>
        Send(new Input.AttemptEnded(Id(name), TokenOf(name), outcome, jitter));

    public SchedulerDesk Stop(string name, StopReason reason = StopReason.Stop, bool force = false) =>
        Send(new Input.Stop(Id(name), reason, force));

    public SchedulerDesk Release(string name) => Send(new Input.Release(Id(name)));

    public SchedulerDesk TickAfter(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return Send(new Input.Tick());
    }

    public SchedulerDesk Configure(SchedulerOptions options)
    {
        Configuration = options;
        return Send(new Input.Configure(options));
    }

    public SchedulerDesk Send(Input input)
    {
        Assert.True(_unread.Count == 0, $"Nobody looked at: {string.Join(", ", _unread.Select(Describe))}");
        _unread.AddRange(Scheduler.Apply(input, Now));
        // A name means the task that answers for it, once it was accepted.
        foreach (var accept in _unread.OfType<Effect.Accept>())
            _ids[(Scheduler.SpecOf(accept.Task)!.Group, _names[accept.Submitted])] = accept.Task;
        foreach (var start in _unread.OfType<Effect.StartAttempt>())
            _tokens[start.Task] = start.Token;
        Scheduler.CheckInvariants();
        return this;
    }

    /// <summary>Asserts the effects since the last input, in order.</summary>
    public SchedulerDesk Expect(params string[] effects)
    {
        Assert.Equal(effects, _unread.Where(IsTold).Select(Describe));
        _unread.Clear();
        return this;
    }

    /// <summary>Looks away: what the last input led to is not what the test is about.</summary>
    public SchedulerDesk Ignore()
    {
        _unread.Clear();
        return this;
    }

    public SchedulerDesk In(string group)
    {
        Group = new GroupName(group);
        return this;
    }

    public TaskId Id(string name) => _ids[(Group, name)];

    public AttemptToken TokenOf(string name) => _tokens[Id(name)];

    /// <summary>Why a task is not running, in short.</summary>
    public string Explain(string name) => string.Join("; ", Scheduler.Explain(Id(name), Now).Select(Describe));

    public IEnumerable<string> Active(int limit = int.MaxValue) => Scheduler.Active(Group, limit).Select(Name);

    /// <summary>A second scheduler that begins with what a store would remember of this one.</summary>
    public SchedulerDesk Restart(IEnumerable<JobRecord>? jobs = null)
    {
        var tasks = _names
            .Keys.Where(id => Scheduler.StateOf(id) is not null)
            .Select(id => new RestoredTask(
                Scheduler.SpecOf(id)!,
                Scheduler.StateOf(id)!,
                Scheduler.LostAttemptsOf(id),
                DateTimeOffset.UnixEpoch
            ));
        var next = new SchedulerDesk(Configuration)
        {
            Now = Now,
            Group = Group,
            Verbose = Verbose,
            _lastId = _lastId,
        };
        foreach (var (key, id) in _ids)
            next._ids[key] = id;
        foreach (var (id, name) in _names)
            next._names[id] = name;
        foreach (var (id, token) in _tokens)
            next._tokens[id] = token;
        return next.Send(new Input.Restore([.. tasks], [.. jobs ?? []]));
    }

    public string Name(TaskId id) => _names.GetValueOrDefault(id) ?? $"?{id}";

    private TaskSpec Parse(string line)
    {
        var parts = line.Split('<', StringSplitOptions.TrimEntries);
        return Task(parts[0], parts.Length == 1 ? [] : parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static Dependency ParseDependency(string text)
    {
        var parts = text.Split(':');
        var when =
            parts.Length == 1 ? DependencyCondition.Done : Enum.Parse<DependencyCondition>(parts[1], ignoreCase: true);
        return new Dependency(new JobId(parts[0]), when);
    }

    private bool IsTold(Effect effect) =>
        Verbose
        || effect is not (Effect.Accept { Deduplicated: false } or Effect.WakeAt)
            && effect
                is not Effect.Moved
                {
                    State: TaskState.Waiting or TaskState.Ready or TaskState.Running { Stopping: null }
                };

    private string Describe(Effect effect) =>
        effect switch
        {
            Effect.Refuse e => $"refuse {Describe(e.Refusal)}",
            Effect.Accept { Deduplicated: true } e => $"accept {Name(e.Submitted)} as {Name(e.Task)}",
            Effect.Accept e => $"accept {Name(e.Task)}",
            Effect.Moved e => $"{Name(e.Task)} {Describe(e.State)}",
            Effect.StartAttempt e => $"start {Name(e.Task)} #{e.Attempt}",
            Effect.StopAttempt e => $"{(e.Force ? "kill" : "stop")} {Name(e.Task)}",
            Effect.RejectStaleEnd e => $"stale {Name(e.Task)}",
            Effect.Remove e => $"remove {Name(e.Task)}",
            Effect.Remember { Job.Outcome: null } e => $"alias {e.Job.Job} of {Name(e.Job.Task)}",
            Effect.Remember e => $"remember {e.Job.Job} {Lower(e.Job.Outcome)}",
            Effect.Forget e => $"forget {e.Job}",
            Effect.WakeAt { Time: { } time } => $"wake +{(time - Now).TotalSeconds:0.###}",
            Effect.WakeAt => "wake never",
            _ => effect.ToString(),
        };

    private static string Describe(TaskState state) =>
        state switch
        {
            TaskState.Waiting s => $"waits {s.OpenDependencies}",
            TaskState.Ready => "ready",
            TaskState.Running { Stopping: { } reason } => $"stopping {Lower(reason)}",
            TaskState.Running => "running",
            TaskState.BackingOff s => $"backs off #{s.NextAttempt}",
            TaskState.Done => "done",
            TaskState.Failed s => $"failed {Lower(s.Reason)}",
            TaskState.Skipped { Reason: SkipReason.Deadline } => "skipped, late",
            TaskState.Skipped s => $"skipped {s.Chain}",
            TaskState.Stopped s => $"stopped {Lower(s.Reason)}",
            _ => state.ToString(),
        };

    private string Describe(Refusal refusal) =>
        refusal switch
        {
            Refusal.Cycle e => $"cycle {string.Join(' ', e.Jobs)}",
            Refusal.UnknownJob e => $"unknown {e.Job}",
            Refusal.JobTaken e => $"taken {e.Job} by {Name(e.Task)}",
            Refusal.UnknownLane e => $"no lane {e.Lane}",
            Refusal.TooHeavy e => $"too heavy {e.Weight} > {e.Width}",
            Refusal.QueueFull e => $"queue full {e.Limit}",
            Refusal.QuotaReached e => $"quota {e.Limit}",
            _ => refusal.ToString(),
        };

    private string Describe(Obstacle obstacle) =>
        obstacle switch
        {
            Obstacle.OpenDependency { Task: null } o => $"{Lower(o.When)} {o.Job} never submitted",
            Obstacle.OpenDependency o => $"{Lower(o.When)} {o.Job} {Describe(o.State!)}",
            Obstacle.NotDue o => $"not due for {(o.NotBefore - Now).TotalSeconds}",
            Obstacle.BackingOff o => $"backs off for {(o.Due - Now).TotalSeconds}",
            Obstacle.LaneFull o =>
                $"{o.Lane} has {o.Free} of {o.Width} for {o.Weight}, {string.Join(' ', o.Own.Select(Name))} and {o.Others} others",
            Obstacle.Behind o => $"behind {o.Tasks}",
            Obstacle.LanePaused => "lane paused",
            Obstacle.GroupPaused => "group paused",
            Obstacle.Draining => "draining",
            Obstacle.GroupAtLimit o => $"group at {o.Limit}",
            Obstacle.CapReached o => $"{o.Cap} at {o.Limit}",
            _ => obstacle.ToString(),
        };

    private static string Lower<T>(T value) =>
        // Names of enum members in a test are words in a sentence.
        value!.ToString()!.ToLowerInvariant();
}
