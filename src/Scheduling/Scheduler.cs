using System.Diagnostics;

namespace AptTask.Scheduling;

/// <summary>
/// Decides what runs when. Takes one input at a time and answers with effects; does no I/O, reads no clock, starts no
/// thread, draws no number: the same inputs in the same order always give the same effects.
/// </summary>
/// <remarks>Not thread-safe: one caller owns it. In the daemon that is the loop of the engine.</remarks>
public sealed partial class Scheduler
{
    private readonly Turn _turn;

    // Which group a task belongs to. All that is to know of it, the group knows.
    private readonly Dictionary<TaskId, TaskNode> _tasks = [];
    private readonly Dictionary<GroupName, GroupSchedule> _groups = [];
    private readonly List<TaskNode> _added = [];

    private AttemptToken _lastToken;
    private DateTimeOffset? _wakeAt;

    /// <summary>Makes a scheduler without tasks.</summary>
    /// <param name="options">Lanes, caps and limits to begin with.</param>
    /// <param name="lastToken">Every token it gives is greater.</param>
    public Scheduler(SchedulerOptions options, AttemptToken lastToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        _turn = new Turn(options);
        _lastToken = lastToken;
    }

    /// <summary>Takes one input and returns, in order, what the world has to do about it.</summary>
    /// <param name="input">The wish or fact.</param>
    /// <param name="now">The one time of this input; never earlier than the last.</param>
    /// <returns>The effects, valid until the next call.</returns>
    public IReadOnlyList<Effect> Apply(Input input, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(input);
        _turn.Now = now;
        _turn.Effects.Clear();
        Take(input);
        if (_turn.Effects is [Effect.Refuse])
            return _turn.Effects;

        // What is due comes after the fact that came in: an attempt that ended at its last moment has ended in time.
        WakeWhatIsDue();
        FillLanes();
        TellWhenToWake();
        return _turn.Effects;
    }

    private void Take(Input input)
    {
        switch (input)
        {
            case Input.Submit submit:
                Submit(submit);
                break;
            case Input.AttemptEnded ended:
                End(ended);
                break;
            case Input.Stop stop:
                if (_tasks.TryGetValue(stop.Task, out var stopped))
                {
                    stopped.Group.Stop(stopped, stop.Reason, stop.Force);
                    stopped.Group.Settle();
                }

                break;
            case Input.Release release:
                Release(release.Task);
                break;
            case Input.Tick:
                break;
            case Input.Configure configure:
                Configure(configure.Options);
                break;
            case Input.PauseLane pause:
                _turn.Board.Pause(pause.Lane, pause.Paused);
                break;
            case Input.PauseGroup pause:
                _turn.Board.Pause(pause.Group, pause.Paused);
                break;
            case Input.Drain drain:
                _turn.Board.Draining = drain.Draining;
                break;
            case Input.Restore restore:
                Restore(restore);
                break;
            default:
                throw new UnreachableException($"No rule for {input.GetType().Name}.");
        }
    }

    private void Submit(Input.Submit submit)
    {
        if (submit.Tasks.IsDefaultOrEmpty)
            return;
        var name = submit.Tasks[0].Group;
        CheckContract(submit, name);
        var group = GroupOf(name);
        _added.Clear();
        if (group.Submit(submit.Tasks, submit.Strict, _added) is { } refusal)
        {
            DropIfEmpty(group);
            _turn.Effects.Clear();
            _turn.Effects.Add(new Effect.Refuse(refusal));
            return;
        }

        foreach (var task in _added)
            _tasks.Add(task.Spec.Id, task);
        group.Settle();
    }

    /// <summary>These are mistakes of the owner of the scheduler, not of a client: no refusal speaks of them.</summary>
    private void CheckContract(Input.Submit submit, GroupName group)
    {
        var last = 0L;
        foreach (var spec in submit.Tasks)
        {
            if (spec.Group != group)
                throw new ArgumentException(
                    $"Task {spec.Id} is of group {spec.Group} in a submission of {group}.",
                    nameof(submit)
                );
            if (spec.Id.Value <= last || _tasks.ContainsKey(spec.Id))
                throw new ArgumentException($"Task {spec.Id} does not have a new id that grows.", nameof(submit));
            if (spec.WaitFor.IsDefault)
                throw new ArgumentException(
                    $"Task {spec.Id} has no list of dependencies, not even an empty one.",
                    nameof(submit)
                );
            last = spec.Id.Value;
        }
    }

    private void End(Input.AttemptEnded ended)
    {
        if (
            !_tasks.TryGetValue(ended.Task, out var task)
            || task.State is not TaskState.Running running
            || running.Token != ended.Token
        )
        {
            _turn.Effects.Add(new Effect.RejectStaleEnd(ended.Task, ended.Token));
            return;
        }

        task.Group.End(task, running, ended.Outcome, ended.Jitter);
        task.Group.Settle();
    }

    private void Release(TaskId id)
    {
        // Released twice, or before its end, a task stays as it is: the owner could have been told late.
        if (!_tasks.TryGetValue(id, out var task) || !task.State.IsFinal)
            return;
        _tasks.Remove(id);
        task.Group.Release(task);
        DropIfEmpty(task.Group);
    }

    private void Configure(SchedulerOptions options)
    {
        _turn.Options = options;
        if (_turn.Board.Configure(options))
        {
            foreach (var running in _groups.Values.SelectMany(group => group.Running))
            {
                if (_turn.Board.CapOf(running.Spec) is { } cap)
                    cap.Running++;
            }

            foreach (var group in _groups.Values)
                group.SortAnew();
        }

        _turn.Board.RefreshAll();
    }

    private void Restore(Input.Restore restore)
    {
        if (_tasks.Count > 0)
            throw new InvalidOperationException("There are tasks already: a restore is the first input of a life.");
        var restored = restore.Tasks.OrderBy(task => task.Spec.Id.Value).ToList();
        foreach (var task in restored)
            _tasks.Add(task.Spec.Id, GroupOf(task.Spec.Group).RestoreTask(task));
        foreach (var job in restore.Jobs)
            GroupOf(job.Group).RestoreJob(job, _tasks.GetValueOrDefault(job.Task));

        var unfinished = new List<(TaskNode Task, RestoredTask Restored, TaskState State, Dependency? Impossible)>();
        foreach (var task in restored.Where(task => !task.State.IsFinal))
        {
            var node = _tasks[task.Spec.Id];
            var (state, impossible) = node.Group.RestoreDependencies(node, task.State);
            unfinished.Add((node, task, state, impossible));
        }

        foreach (var (task, from, state, _) in unfinished)
        {
            task.Group.RestoreState(task, state, from.Started);
            if (state is TaskState.Running running && running.Token.Value > _lastToken.Value)
                _lastToken = running.Token;
        }

        foreach (var (task, _, _, impossible) in unfinished)
        {
            task.Group.Reconsider(task, impossible);
            task.Group.Settle();
        }

        foreach (var group in _groups.Values.ToList())
            DropIfEmpty(group);
    }

    private void WakeWhatIsDue()
    {
        while (_turn.Agenda.TryTakeDue(_turn.Now, out var target, out var kind))
        {
            if (target is TaskNode task)
            {
                task.Group.Wake(task, kind);
                task.Group.Settle();
            }
            else if (target is JobNode { Record: { } record } job && _groups.TryGetValue(record.Group, out var group))
            {
                group.Fade(job);
                DropIfEmpty(group);
            }
        }
    }

    private void FillLanes()
    {
        while (_turn.Board.TryPick(out var picked))
        {
            var task = picked.Bid!.Head;
            _lastToken = new AttemptToken(_lastToken.Value + 1);
            task.Group.Start(task, _lastToken);
        }
    }

    private void TellWhenToWake()
    {
        var earliest = _turn.Agenda.Earliest;
        if (earliest == _wakeAt)
            return;
        _wakeAt = earliest;
        _turn.Effects.Add(new Effect.WakeAt(earliest));
    }

    private GroupSchedule GroupOf(GroupName name)
    {
        if (!_groups.TryGetValue(name, out var group))
            _groups.Add(name, group = new GroupSchedule(name, _turn));
        return group;
    }

    private void DropIfEmpty(GroupSchedule group)
    {
        if (!group.IsEmpty)
            return;
        group.Close();
        _groups.Remove(group.Name);
    }
}
