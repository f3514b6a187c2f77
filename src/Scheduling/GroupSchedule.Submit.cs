using System.Collections.Immutable;

namespace AptTask.Scheduling;

/// <content>Taking in tasks.</content>
internal sealed partial class GroupSchedule
{
    private readonly Submission _submission = new();

    /// <summary>
    /// Takes the tasks, all or none: every check comes before the first change.
    /// </summary>
    /// <param name="tasks">All of this group.</param>
    /// <param name="strict">Refuse jobs that are neither known nor in the submission.</param>
    /// <param name="added">Gets the tasks that are new.</param>
    public Refusal? Submit(ImmutableArray<TaskSpec> tasks, bool strict, List<TaskNode> added)
    {
        _submission.Clear();
        var refusal = Plan(tasks) ?? (strict ? CheckKnown(tasks) : null) ?? CheckLimits() ?? CheckCycles();
        if (refusal is not null)
            return refusal;

        foreach (var (spec, answer) in _submission.Answers)
            _turn.Effects.Add(new Effect.Accept(spec.Id, answer.Spec.Id));
        foreach (var task in _submission.Added)
            TakeName(task);
        foreach (var (name, task) in _submission.Aliases)
            AddAlias(FindOrAddJob(name), task);
        // All names are taken before the first dependency is entered: tasks may wait for one another in any order.
        var starts = StartWaitingAll(_submission.Added);
        for (var i = 0; i < starts.Length; i++)
            MoveIn(_submission.Added[i], starts[i].Open, starts[i].Impossible);
        added.AddRange(_submission.Added);
        _submission.Clear();
        return null;
    }

    /// <summary>Whether the group may use the lane and the task fits into it.</summary>
    private Refusal? CheckLane(TaskSpec spec)
    {
        if (
            _turn.Board.Find(spec.Lane) is not { IsVanished: false } lane
            || (
                lane.Options.Groups is { IsDefaultOrEmpty: false } groups
                && !groups.Any(pattern => NamePattern.IsMatch(pattern, Name.Value))
            )
        )
        {
            return new Refusal.UnknownLane(spec.Lane);
        }

        return spec.Weight > lane.Width ? new Refusal.TooHeavy(spec.Lane, spec.Weight, lane.Width) : null;
    }

    private Refusal? Plan(ImmutableArray<TaskSpec> tasks)
    {
        foreach (var spec in tasks)
        {
            if (spec.Job is { } name && _submission.Jobs.TryGetValue(name.Value, out var twice))
                return new Refusal.JobTaken(name, twice.Spec.Id);
            var known = spec.Job is { } job ? _jobs.GetValueOrDefault(job.Value) : null;
            if (FindSame(spec, known, out var refusal) is { } first)
                _submission.Repeat(spec, first);
            else if (refusal is not null || (refusal = CheckLane(spec)) is not null)
                return refusal;
            else
                _submission.Add(new TaskNode(spec, this) { Job = known });
        }

        return null;
    }

    /// <summary>The task that answers for a second submission of the same, by its job id or by its unique key.</summary>
    private TaskNode? FindSame(TaskSpec spec, JobNode? known, out Refusal? refusal)
    {
        refusal = null;
        TaskNode? unique = null;
        if (spec.Unique is { } key && !_unique.TryGetValue(key, out unique))
            _submission.Uniques.TryGetValue(key, out unique);
        if (known?.Task is not { } owner)
            return unique;
        // The job is an alias of a task with the same key: the answer to the first request was lost, and it comes again.
        var sameKey = spec.Unique is { } asked && asked == owner.Spec.Unique;
        if (owner == unique || sameKey || owner.Spec.Fingerprint == spec.Fingerprint)
            return owner;
        refusal = new Refusal.JobTaken(new JobId(known.Name), owner.Spec.Id);
        return null;
    }

    private Refusal.UnknownJob? CheckKnown(ImmutableArray<TaskSpec> tasks)
    {
        foreach (var dependency in tasks.SelectMany(spec => spec.WaitFor))
        {
            if (_submission.Jobs.ContainsKey(dependency.Job.Value))
                continue;
            if (!_jobs.TryGetValue(dependency.Job.Value, out var job) || (job.Task is null && job.Record is null))
                return new Refusal.UnknownJob(dependency.Job);
        }

        return null;
    }

    private Refusal? CheckLimits()
    {
        var count = _submission.Added.Count;
        if (count == 0 || _turn.Board.LimitsOf(Name) is not { } limits)
            return null;
        if (Pending + (long)count > limits.Pending)
            return new Refusal.QueueFull(limits.Pending.Value);
        return Tasks + (long)count > limits.Quota ? new Refusal.QuotaReached(limits.Quota.Value) : null;
    }

    private Refusal.Cycle? CheckCycles()
    {
        // Someone waits already for a name that comes now.
        var isAwaited = IsAwaited();
        if (!isAwaited && !_submission.LooksAhead())
            return null;
        var cycle = new CycleSearch(_submission, _jobs, isAwaited).Find();
        return cycle.IsDefault ? null : new Refusal.Cycle(cycle);
    }

    private bool IsAwaited()
    {
        foreach (var task in _submission.Added)
        {
            if (task.Job is { Wanted: > 0 })
                return true;
        }

        return _submission.Aliases.Exists(alias => _jobs.TryGetValue(alias.Name.Value, out var job) && job.Wanted > 0);
    }

    private (int Open, Dependency? Impossible)[] StartWaitingAll(List<TaskNode> tasks)
    {
        var starts = new (int, Dependency?)[tasks.Count];
        for (var i = 0; i < starts.Length; i++)
            starts[i] = StartWaiting(tasks[i], mayBeOpen: true);
        return starts;
    }

    private void TakeName(TaskNode task)
    {
        if (task.Spec.Unique is { } unique)
            _unique.Add(unique, task);
        if (task.Spec.Job is not { } name)
            return;
        task.Job ??= FindOrAddJob(name);
        task.Job.Task = task;
        ForgetRecord(task.Job);
    }

    private void AddAlias(JobNode job, TaskNode task)
    {
        ForgetRecord(job);
        EnterAlias(job, task);
        _turn.Effects.Add(new Effect.Remember(new JobRecord(Name, new JobId(job.Name), task.Spec.Id, null, null)));
        RefreshRank(task);
    }

    private void EnterAlias(JobNode job, TaskNode task)
    {
        job.Task = task;
        if (!_aliases.TryGetValue(task, out var aliases))
            _aliases.Add(task, aliases = []);
        aliases.Add(job);
    }

    private void MoveIn(TaskNode task, int open, Dependency? impossible)
    {
        PlaceOf(task).Lane.Unfinished++;
        if (task.Spec.Deadline is { } deadline)
            _turn.Agenda.Add(deadline, DueKind.Deadline, task);
        if (impossible is null && open == 0 && IsDue(task))
        {
            Move(task, SharedStates.Ready(1));
            return;
        }

        Move(task, SharedStates.Waiting(open));
        if (impossible is { } dependency)
            Skip(task, dependency.Job, TaskOf(dependency.Job)?.State);
    }
}
