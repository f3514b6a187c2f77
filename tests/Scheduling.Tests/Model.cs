namespace AptTask.Scheduling.Tests;

/// <summary>
/// The rules of scheduling without any index: each question looks at all tasks. It follows the effects of a scheduler and fails at the first one that
/// breaks a rule.
/// </summary>
internal sealed class Model(SchedulerOptions options)
{
    private readonly SortedDictionary<long, Task> _tasks = [];
    private readonly Dictionary<(GroupName, JobId), TaskId> _names = [];
    private readonly Dictionary<(GroupName, JobId), TaskOutcome> _memory = [];
    private readonly HashSet<GroupName> _pausedGroups = [];
    private readonly HashSet<LaneName> _pausedLanes = [];
    private SchedulerOptions _options = options;
    private bool _draining;
    private long _lastToken;
    private DateTimeOffset _now;

    public IEnumerable<Task> Tasks => _tasks.Values;

    public IEnumerable<Task> Unfinished => _tasks.Values.Where(task => task.State is not { IsFinal: true });

    public DateTimeOffset? WakeAt { get; private set; }

    /// <summary>The earliest instant at which a task would have something to do; memories left out.</summary>
    public DateTimeOffset? NextAppointment
    {
        get
        {
            var earliest = Unfinished
                .SelectMany(Appointments)
                .Where(due => due > _now)
                .Select(due => (DateTimeOffset?)due)
                .Min();
            // A memory may come before it.
            return earliest is { } && WakeAt < earliest ? null : earliest;
        }
    }

    /// <summary>
    /// Whether a name was taken anew after it had decided something for a task that still waits. The store does not know of that decision:
    /// after a restart the newest use of the name is the one that counts.
    /// </summary>
    public bool HasNamesTakenAnew =>
        Unfinished.Any(task =>
            task.State is TaskState.Waiting
            && task.Decided.Keys.Any(dependency => VerdictOn(task, dependency) is not true)
        );

    public IEnumerable<(TaskId, AttemptToken)> Running() =>
        _tasks
            .Values.Where(t => t.State is TaskState.Running)
            .Select(t => (t.Spec.Id, ((TaskState.Running)t.State).Token));

    public IEnumerable<(GroupName, JobId)> MissingJobs() =>
        Unfinished
            .Where(task => task.State is TaskState.Waiting)
            .SelectMany(task => task.Spec.WaitFor.Select(dependency => (task.Spec.Group, dependency.Job)))
            .Distinct()
            .Where(name => !_names.ContainsKey(name) && !_memory.ContainsKey(name));

    public void Check(Input input, IReadOnlyList<Effect> effects, DateTimeOffset now)
    {
        _now = now;
        Take(input);
        var submitted = input is Input.Submit submit ? submit.Tasks.ToDictionary(spec => spec.Id) : [];
        if (effects.Any(effect => effect is Effect.Refuse))
        {
            Assert.Single(effects);
            return;
        }

        Assert.Equal(submitted.Keys, effects.OfType<Effect.Accept>().Select(accept => accept.Submitted));
        foreach (var effect in effects)
            Follow(effect, submitted);
        RecordDecisions();
        CheckNoPlaceIsIdle();
        Assert.DoesNotContain(Unfinished, task => task.Spec.Deadline <= now && task.State is not TaskState.Running);
        Assert.DoesNotContain(
            Unfinished,
            task =>
                task.State is TaskState.Running { Stopping: null }
                && (task.Spec.Deadline <= now || task.Started + task.Spec.Timeout <= now)
        );
        foreach (var task in Unfinished.Where(task => task.State is TaskState.Waiting))
            Assert.True(Open(task) || task.Spec.NotBefore > now, $"{task} waits for nothing.");
        Assert.DoesNotContain(Unfinished, task => task.State is TaskState.BackingOff { Due: var due } && due <= now);
    }

    private void Take(Input input)
    {
        switch (input)
        {
            case Input.Configure configure:
                _options = configure.Options;
                break;
            case Input.PauseLane pause:
                Set(_pausedLanes, pause.Lane, pause.Paused);
                break;
            case Input.PauseGroup pause:
                Set(_pausedGroups, pause.Group, pause.Paused);
                break;
            case Input.Drain drain:
                _draining = drain.Draining;
                break;
        }
    }

    private void Follow(Effect effect, Dictionary<TaskId, TaskSpec> submitted)
    {
        switch (effect)
        {
            case Effect.Accept accept:
                Accept(accept, submitted);
                break;
            case Effect.Moved moved:
                Move(_tasks[moved.Task.Value], moved.State);
                break;
            case Effect.StartAttempt start:
                Assert.True(start.Token.Value > _lastToken, "A token that does not grow.");
                _lastToken = start.Token.Value;
                Assert.Equal(new TaskState.Running(start.Attempt, start.Token, null), _tasks[start.Task.Value].State);
                break;
            case Effect.StopAttempt stop:
                var stopping = Assert.IsType<TaskState.Running>(_tasks[stop.Task.Value].State);
                Assert.NotNull(stopping.Stopping);
                Assert.Equal(stopping.Token, stop.Token);
                break;
            case Effect.Remove remove:
                Assert.True(_tasks[remove.Task.Value].State.IsFinal);
                _tasks.Remove(remove.Task.Value);
                break;
            case Effect.Remember { Job: { Outcome: { } outcome } record }:
                Assert.Equal(_names[(record.Group, record.Job)], record.Task);
                _names.Remove((record.Group, record.Job));
                _memory[(record.Group, record.Job)] = outcome;
                break;
            case Effect.Remember { Job: var record }:
                Assert.Equal(record.Task, _names[(record.Group, record.Job)]);
                break;
            case Effect.Forget forget:
                Assert.True(_memory.Remove((forget.Group, forget.Job)));
                break;
            case Effect.WakeAt wake:
                Assert.NotEqual(WakeAt, wake.Time);
                Assert.True(wake.Time is null || wake.Time > _now, "A wish to be woken in the past.");
                WakeAt = wake.Time;
                break;
        }
    }

    private void Accept(Effect.Accept accept, Dictionary<TaskId, TaskSpec> submitted)
    {
        var spec = submitted[accept.Submitted];
        if (!accept.Deduplicated)
            _tasks.Add(spec.Id.Value, new Task(spec));
        var first = _tasks[accept.Task.Value];
        Assert.Equal(first.Spec.Group, spec.Group);
        var sameJob =
            spec.Job is { } job && _names.TryGetValue((spec.Group, job), out var owner) && owner == accept.Task;
        var sameKey = spec.Unique is not null && spec.Unique == first.Spec.Unique;
        Assert.True(!accept.Deduplicated || sameJob || sameKey, $"{spec.Id} was answered by {first} for no reason.");
        if (spec.Job is { } name)
            _names[(spec.Group, name)] = accept.Task;
    }

    private void Move(Task task, TaskState next)
    {
        var last = task.State;
        Assert.False(last is { IsFinal: true }, $"{task} moves on to {next}.");
        if (next is TaskState.Running { Stopping: null })
        {
            CheckStart(task);
            task.Started = _now;
        }

        if (next is TaskState.Ready && last is null or TaskState.Waiting)
            CheckDependencies(task, next);
        if (next is TaskState.Skipped { Reason: SkipReason.Dependency })
            Assert.Contains(task.Spec.WaitFor, dependency => VerdictOn(task, dependency) == false);
        task.State = next;
        if (next is TaskState.Running && last is not TaskState.Running)
            task.Held = Math.Min(task.Spec.Weight, _options.Lanes[task.Spec.Lane].Width);
        CheckWidth(task);
    }

    private void CheckDependencies(Task task, TaskState next)
    {
        if (next is not TaskState.Ready)
            return;
        Assert.True(task.Spec.NotBefore is not { } notBefore || notBefore <= _now, $"{task} is ready before its time.");
        foreach (var dependency in task.Spec.WaitFor)
        {
            // What was decided first holds, also when the name has been used again since and has ended otherwise.
            var verdict = task.Decided.TryGetValue(dependency, out var decided) ? decided : VerdictOn(task, dependency);
            Assert.True(verdict is not null, $"{task} is ready although {dependency} is open.");
            Assert.True(verdict, $"{task} is ready although {dependency} cannot come true.");
        }
    }

    /// <summary>A place is given by the rules: to nobody who may not have one, and to the one who is first.</summary>
    private void CheckStart(Task task)
    {
        Assert.IsType<TaskState.Ready>(task.State);
        var lane = task.Spec.Lane;
        var bids = Bids(lane);
        var own = bids.SingleOrDefault(bid => bid.Spec.Group == task.Spec.Group);
        Assert.True(own == task, $"{task} starts before {own}, which is first in its group.");
        var free = _options.Lanes[lane].Width - Used(lane);
        Assert.True(Places(task) <= free, $"{task} needs more than the {free} free places.");
        foreach (var other in bids.Where(other => other != task && Places(other) <= free))
        {
            if (_options.Lanes[lane].Fair)
                Assert.True(Load(task) <= Load(other), $"{task} starts before {other}, whose group runs less.");
            else
                Assert.True(Rank(task).CompareTo(Rank(other)) < 0, $"{task} starts before {other}, which is first.");
        }
    }

    /// <summary>The first task of each group that may start something in a lane.</summary>
    private List<Task> Bids(LaneName lane)
    {
        if (_draining || _pausedLanes.Contains(lane))
            return [];
        return
        [
            .. _tasks
                .Values.Where(t =>
                    t.State is TaskState.Ready && t.Spec.Lane == lane && MayStart(t.Spec.Group) && !IsCapped(t.Spec.Cap)
                )
                .GroupBy(t => t.Spec.Group)
                .Select(group => group.MinBy(Rank)!),
        ];
    }

    private void CheckNoPlaceIsIdle()
    {
        foreach (var (lane, lanes) in _options.Lanes)
        {
            var free = lanes.Width - Used(lane);
            var bids = Bids(lane);
            // For a heavy task places may be saved up.
            if (bids.TrueForAll(bid => Places(bid) == 1))
                Assert.True(bids.Count == 0 || free <= 0, $"{bids.FirstOrDefault()} could start in {lane}.");
        }
    }

    private void CheckWidth(Task task)
    {
        if (task.State is TaskState.Running { Stopping: null })
            Assert.True(
                Used(task.Spec.Lane) <= _options.Lanes[task.Spec.Lane].Width,
                $"Lane {task.Spec.Lane} runs more than it may."
            );
        if (task.State.IsFinal)
            RecordDecisions();
    }

    /// <summary>Decided once: what happens to the name later is nothing to those who waited.</summary>
    private void RecordDecisions()
    {
        foreach (var task in Unfinished)
        {
            foreach (var dependency in task.Spec.WaitFor)
            {
                if (VerdictOn(task, dependency) is { } verdict)
                    task.Decided.TryAdd(dependency, verdict);
            }
        }
    }

    private bool Open(Task task) =>
        task.Spec.WaitFor.Any(dependency =>
            !task.Decided.ContainsKey(dependency) && VerdictOn(task, dependency) is null
        );

    /// <summary>Whether a dependency came true, cannot come true, or (null) is open.</summary>
    private bool? VerdictOn(Task task, Dependency dependency)
    {
        TaskOutcome outcome;
        var name = (task.Spec.Group, dependency.Job);
        if (_names.TryGetValue(name, out var id))
        {
            if (_tasks[id.Value].State is not { IsFinal: true } state)
                return null;
            outcome = Enum.Parse<TaskOutcome>(state.GetType().Name);
        }
        else if (!_memory.TryGetValue(name, out outcome))
        {
            return null;
        }

        return dependency.When switch
        {
            DependencyCondition.Done => outcome == TaskOutcome.Done,
            DependencyCondition.Failed => outcome == TaskOutcome.Failed,
            _ => true,
        };
    }

    private (bool, int, long) Rank(Task task) => (!IsWanted(task), -task.Spec.Priority, task.Spec.Id.Value);

    private bool IsWanted(Task task) =>
        Unfinished.Any(other =>
            other.Spec.Group == task.Spec.Group
            && other.Spec.WaitFor.Any(dependency =>
                _names.TryGetValue((other.Spec.Group, dependency.Job), out var id) && id == task.Spec.Id
            )
        );

    private double Load(Task task) =>
        (double)
            RunningTasks.Where(t => t.Spec.Lane == task.Spec.Lane && t.Spec.Group == task.Spec.Group).Sum(t => t.Held)
        / (LimitsOf(task.Spec.Group)?.Weight ?? 1);

    private IEnumerable<Task> RunningTasks => _tasks.Values.Where(t => t.State is TaskState.Running);

    private int Used(LaneName lane) => RunningTasks.Where(t => t.Spec.Lane == lane).Sum(t => t.Held);

    private int Places(Task task) => Math.Min(task.Spec.Weight, _options.Lanes[task.Spec.Lane].Width);

    private bool MayStart(GroupName group) =>
        !_pausedGroups.Contains(group) && !(RunningTasks.Count(t => t.Spec.Group == group) >= LimitsOf(group)?.Running);

    private bool IsCapped(string? cap) =>
        cap is not null
        && _options.Caps.TryGetValue(cap, out var limit)
        && RunningTasks.Count(t => t.Spec.Cap == cap) >= limit;

    private GroupLimits? LimitsOf(GroupName group) =>
        _options.Groups.FirstOrDefault(limits => limits.Pattern == group.Value);

    private static IEnumerable<DateTimeOffset> Appointments(Task task)
    {
        if (task.Spec.Deadline is { } deadline)
            yield return deadline;
        if (task.State is TaskState.Waiting && task.Spec.NotBefore is { } notBefore)
            yield return notBefore;
        if (task.State is TaskState.BackingOff { Due: var due })
            yield return due;
        if (task.State is TaskState.Running && task.Spec.Timeout is { } timeout)
            yield return task.Started!.Value + timeout;
    }

    private static void Set<T>(HashSet<T> set, T item, bool isIn)
    {
        if (isIn)
            set.Add(item);
        else
            set.Remove(item);
    }

    public sealed class Task(TaskSpec spec)
    {
        public TaskSpec Spec { get; } = spec;

        public TaskState State { get; set; } = null!;

        public int Held { get; set; }

        public DateTimeOffset? Started { get; set; }

        public Dictionary<Dependency, bool> Decided { get; } = [];

        public override string ToString() => $"{Spec.Group}/{Spec.Id} ({Spec.Job}, {State})";
    }
}
