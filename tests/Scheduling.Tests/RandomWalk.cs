using System.Collections.Immutable;

namespace AptTask.Scheduling.Tests;

/// <summary>Turns numbers into inputs: small groups, few names, so that tasks meet.</summary>
internal sealed class RandomWalk
{
    private static readonly string[] Groups = ["a", "b", "c"];
    private static readonly string[] Lanes = ["fair", "unfair"];
    private static readonly string?[] Caps = [null, null, "one", "two"];
    private static readonly DependencyCondition[] Conditions = Enum.GetValues<DependencyCondition>();
    private static readonly FailureReason[] Failures = Enum.GetValues<FailureReason>();

    private readonly int[] _steps;
    private readonly Scheduler _scheduler;
    private readonly Model _model;
    private readonly Dictionary<(GroupName, JobId), JobRecord> _records = [];
    private SchedulerOptions _options;
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;
    private int _draw;
    private long _lastId;

    public RandomWalk(int[] steps)
    {
        _steps = steps;
        _options = MakeOptions(3, 2, 2);
        _scheduler = new Scheduler(_options, default);
        _model = new Model(_options);
    }

    /// <summary>Every effect in words.</summary>
    public List<string> Told { get; } = [];

    public void Run()
    {
        foreach (var step in _steps)
        {
            _draw = step;
            Send(Next());
        }
    }

    /// <summary>Lets go of all that holds back, submits what is waited for, ends what runs: then no task may be left.</summary>
    public void BringToAnEnd()
    {
        Send(new Input.Drain(false));
        foreach (var group in Groups)
            Send(new Input.PauseGroup(new GroupName(group), false));
        foreach (var lane in Lanes)
            Send(new Input.PauseLane(new LaneName(lane), false));
        Send(new Input.Configure(_options = MakeOptions(3, 2, 2)));
        for (var round = 0; _model.Unfinished.Any(); round++)
        {
            Assert.True(round < 1000, $"These never end: {string.Join(", ", _model.Unfinished)}");
            _now += TimeSpan.FromMinutes(1);
            Send(new Input.Tick());
            foreach (var (group, job) in _model.MissingJobs().ToList())
                Send(new Input.Submit([Spec(group, "fair") with { Job = job }]));
            foreach (var (id, token) in _model.Running().ToList())
                Send(new Input.AttemptEnded(id, token, AttemptOutcome.Succeeded.Instance));
        }
    }

    public void CompareWithRestored()
    {
        if (_model.HasNamesTakenAnew)
            return;
        var restored = new Scheduler(_options, default);
        restored.Apply(new Input.Drain(true), _now);
        var tasks = _model.Tasks.Select(task => new RestoredTask(
            task.Spec,
            task.State,
            _scheduler.LostAttemptsOf(task.Spec.Id),
            task.Started
        ));
        // The order of rows in a store means nothing.
        var effects = restored.Apply(new Input.Restore([.. tasks.Reverse()], [.. _records.Values]), _now);
        restored.CheckInvariants();
        Assert.DoesNotContain(effects, effect => effect is not (Effect.WakeAt or Effect.Forget));

        foreach (var task in _model.Tasks)
        {
            Assert.Equal(_scheduler.StateOf(task.Spec.Id), restored.StateOf(task.Spec.Id));
            Assert.Equal(_scheduler.IsNeeded(task.Spec.Id), restored.IsNeeded(task.Spec.Id));
            Assert.Equal(Dependencies(_scheduler, task.Spec.Id), Dependencies(restored, task.Spec.Id));
        }

        foreach (var group in Groups.Select(name => new GroupName(name)))
        {
            // Waiting tasks come in the order in which they came; so do their numbers.
            Assert.Equal(_scheduler.Active(group, 999), restored.Active(group, 999));
            foreach (var name in Names())
                Assert.Equal(_scheduler.TaskOf(group, name), restored.TaskOf(group, name));
        }

        Assert.Equal(
            _scheduler.Groups().Select(group => group with { Paused = false }),
            restored.Groups().Select(group => group with { Paused = false })
        );
        Assert.Equal(
            _scheduler.Lanes().Select(lane => (lane.Name, lane.Ready, string.Join(',', lane.Running))),
            restored.Lanes().Select(lane => (lane.Name, lane.Ready, string.Join(',', lane.Running)))
        );
        if (_model.NextAppointment is { } next)
            Assert.Equal(next, _model.WakeAt);
    }

    private IEnumerable<Obstacle> Dependencies(Scheduler scheduler, TaskId task) =>
        scheduler
            .Explain(task, _now)
            .Where(obstacle => obstacle is Obstacle.OpenDependency or Obstacle.NotDue or Obstacle.BackingOff);

    private void Send(Input input)
    {
        var effects = _scheduler.Apply(input, _now);
        Told.AddRange(effects.Select(effect => effect.ToString()));
        _model.Check(input, effects, _now);
        foreach (var effect in effects)
        {
            if (effect is Effect.Remember { Job: var record })
                _records[(record.Group, record.Job)] = record;
            else if (effect is Effect.Forget forget)
                _records.Remove((forget.Group, forget.Job));
        }

        _scheduler.CheckInvariants();
    }

    private Input Next() =>
        Draw(16) switch
        {
            < 5 => new Input.Submit([.. Batch()], Strict: Draw(8) == 0),
            < 10 => End(),
            10 => new Input.Stop(AnyTask(), (StopReason)Draw(2), Draw(2) == 0),
            11 => new Input.Release(AnyTask()),
            12 or 13 => Tick(),
            14 => Hold(),
            _ => new Input.Configure(_options = MakeOptions(1 + Draw(4), 1 + Draw(3), Draw(4))),
        };

    private Input.Tick Tick()
    {
        _now += TimeSpan.FromSeconds(Draw(30));
        return new Input.Tick();
    }

    private Input Hold() =>
        Draw(3) switch
        {
            0 => new Input.PauseLane(new LaneName(Pick(Lanes)), Draw(2) == 0),
            1 => new Input.PauseGroup(new GroupName(Pick(Groups)), Draw(2) == 0),
            _ => new Input.Drain(Draw(3) == 0),
        };

    private Input.AttemptEnded End()
    {
        var running = _model.Running().ToList();
        if (running.Count == 0)
            return new Input.AttemptEnded(AnyTask(), new AttemptToken(Draw(9)), AttemptOutcome.Succeeded.Instance);
        var (id, token) = running[Draw(running.Count)];
        AttemptOutcome outcome = Draw(6) switch
        {
            < 3 => AttemptOutcome.Succeeded.Instance,
            3 => AttemptOutcome.Stopped.Instance,
            4 => new AttemptOutcome.Failed(FailureReason.Lost),
            _ => new AttemptOutcome.Failed(Pick(Failures), Draw(4) > 0),
        };
        return new Input.AttemptEnded(id, token, outcome, Draw(11) / 10.0);
    }

    private IEnumerable<TaskSpec> Batch()
    {
        var group = new GroupName(Pick(Groups));
        for (var i = Draw(4); i >= 0; i--)
            yield return Spec(group, Pick(Lanes)) with
            {
                WaitFor = [.. WaitFor()],
                NotBefore = Draw(8) == 0 ? Soon() : null,
            };
    }

    private TaskSpec Spec(GroupName group, string lane) =>
        new()
        {
            Id = new TaskId(++_lastId),
            Group = group,
            Lane = new LaneName(lane),
            Job = Draw(8) == 0 ? null : Name(),
            Priority = Draw(4) == 0 ? Draw(3) - 1 : 0,
            Weight = Draw(6) == 0 ? 2 : 1,
            Retry =
                Draw(3) == 0
                    ? new RetryPolicy(
                        1 + Draw(3),
                        (Backoff)Draw(2),
                        TimeSpan.FromSeconds(Draw(9)),
                        TimeSpan.FromSeconds(20),
                        0.5
                    )
                    : RetryPolicy.Never,
            Timeout = Draw(5) == 0 ? TimeSpan.FromSeconds(1 + Draw(20)) : null,
            Deadline = Draw(8) == 0 ? Soon() : null,
            Unique = Draw(6) == 0 ? $"key{Draw(3)}" : null,
            Fingerprint = Draw(2),
            Idempotent = Draw(3) == 0,
            Cap = Pick(Caps),
        };

    private IEnumerable<Dependency> WaitFor()
    {
        for (var i = Draw(4); i > 0; i--)
            yield return new Dependency(Name(), Draw(2) == 0 ? DependencyCondition.Done : Pick(Conditions));
    }

    private static SchedulerOptions MakeOptions(int fair, int unfair, int one) =>
        new()
        {
            Lanes = ImmutableDictionary<LaneName, LaneOptions>
                .Empty.Add(new("fair"), new LaneOptions(fair, Fair: true, []))
                .Add(new("unfair"), new LaneOptions(unfair, Fair: false, [])),
            Caps =
                one == 0
                    ? ImmutableDictionary<string, int>.Empty.Add("two", 2)
                    : ImmutableDictionary<string, int>.Empty.Add("one", one),
            Groups =
            [
                new GroupLimits("a") { Weight = 2 },
                new GroupLimits("b")
                {
                    Running = Math.Max(1, one),
                    Pending = 20,
                    Quota = 30,
                },
            ],
            Remember = TimeSpan.FromSeconds(30),
        };

    private DateTimeOffset Soon() => _now.AddSeconds(Draw(60));

    private TaskId AnyTask() => new(1 + Draw((int)_lastId + 1));

    private JobId Name() => new($"j{Draw(12)}");

    private static IEnumerable<JobId> Names() => Enumerable.Range(0, 12).Select(i => new JobId($"j{i}"));

    private T Pick<T>(T[] from) => from[Draw(from.Length)];

    /// <summary>The next number below a limit, from the one number of the step (xorshift).</summary>
    private int Draw(int below)
    {
        var x = (uint)_draw + 0x9E3779B9u;
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        _draw = (int)x;
        return (int)(x % (uint)below);
    }
}
