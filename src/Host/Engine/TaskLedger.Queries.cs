using System.Collections.Immutable;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <content>Looks at how things stand, and watching.</content>
internal sealed partial class TaskLedger
{
    // A page looks at no more records than this, so that a rare match among a million does not hold the loop up.
    private const int PageScanLimit = 20_000;

    /// <summary>The record that a client means, within what it may see; null if there is none.</summary>
    public TaskRecord? TryFind(TaskReference reference)
    {
        if (reference.Task is { } task)
            return
                _records.TryGetValue(task, out var record)
                && (reference.Group ?? record.Spec.Group) == record.Spec.Group
                ? record
                : null;
        return reference is { Group: { } group, Job: { } job } && _scheduler.TaskOf(group, job) is { } named
            ? _records.GetValueOrDefault(named)
            : null;
    }

    /// <summary>The record of a task, for the loop's own letters.</summary>
    public TaskRecord? TryFind(TaskId task) => _records.GetValueOrDefault(task);

    /// <summary>The record that a client means.</summary>
    /// <exception cref="LetterException">There is none that it may see.</exception>
    public TaskRecord Find(TaskReference reference) =>
        TryFind(reference) ?? throw new LetterException(LetterFault.NotFound);

    /// <summary>One task as it stands.</summary>
    public TaskSnapshot Status(TaskReference reference) => TaskSnapshot.Of(Find(reference));

    /// <summary>One task and why it is not running.</summary>
    public (TaskSnapshot Task, ImmutableArray<Obstacle> Obstacles) Explain(TaskReference reference, DateTimeOffset now)
    {
        var record = Find(reference);
        return (TaskSnapshot.Of(record), _scheduler.Explain(record.Spec.Id, now));
    }

    /// <summary>The tasks of a group that are not final, in the order in which they run or would start.</summary>
    /// <returns>The first ones, and how many more there are.</returns>
    public (ImmutableArray<TaskSnapshot> Tasks, int More) Active(GroupName group, int limit)
    {
        var position = 0;
        var rows = _scheduler
            .Active(group, limit)
            .Select(task => _records[task])
            .Select(record => TaskSnapshot.Of(record, record.State is TaskState.Running ? 0 : ++position))
            .ToImmutableArray();
        var live = _scheduler.Groups().FirstOrDefault(view => view.Name == group) is { } view
            ? view.Waiting + view.Ready + view.Running + view.BackingOff
            : 0;
        return (rows, Math.Max(0, live - rows.Length));
    }

    /// <summary>A page of tasks.</summary>
    public TaskPage Page(TaskFilter filter)
    {
        var candidates = filter.Group is { } group
            ? (_groups.TryGetValue(group, out var only) ? only.From(filter.After + 1) : [])
            : Merge(filter.After + 1);
        var rows = ImmutableArray.CreateBuilder<TaskSnapshot>();
        var scanned = 0;
        foreach (var record in candidates)
        {
            if (rows.Count == filter.Limit || scanned++ == PageScanLimit)
                return new TaskPage(rows.ToImmutable(), record.Spec.Id.Value - 1);
            if (filter.Matches(record))
                rows.Add(TaskSnapshot.Of(record));
        }

        return new TaskPage(rows.ToImmutable(), null);
    }

    /// <summary>Begins to tell a sink what happens, from a number on if one is given.</summary>
    public WatchOutcome Watch(GroupName group, TaskReference? only, long? after, IEventSink sink)
    {
        var record = only is { } reference ? Find(reference) : null;
        var watched = GroupFor(record?.Spec.Group ?? group);
        var from = Math.Min(after ?? watched.Sequence, watched.Sequence);
        if (watched.EventsAfter(from) is not { } missed)
            return new WatchOutcome.EventsGone(watched.OldestSequence);
        var subscription = new Subscription(watched.Name, record?.Spec.Id, from, sink);
        // Those of this batch are not written yet; like all others they are told after the commit.
        foreach (var happened in missed.Where(happened => happened.Sequence <= watched.Told))
        {
            if (subscription.Wants(happened))
                sink.Offer(happened);
        }

        watched.Subscriptions.Add(subscription);
        return new WatchOutcome.Watching(subscription, watched.Sequence);
    }

    /// <summary>Ends a subscription.</summary>
    /// <returns>False when it had ended already.</returns>
    public bool Unwatch(Subscription subscription) =>
        _groups.TryGetValue(subscription.Group, out var group) && group.Subscriptions.Remove(subscription);

    /// <summary>All tasks that are not final, of all groups.</summary>
    public ImmutableArray<TaskId> Live() =>
        [.. _records.Values.Where(record => !record.State.IsFinal).Select(record => record.Spec.Id)];

    /// <summary>All kept results by id, and whether they were fetched.</summary>
    public ImmutableArray<(TaskId Task, bool Fetched)> Kept() =>
        [
            .. Merge(0)
                .Where(record => record.State.IsFinal)
                .Select(record => (record.Spec.Id, record.Fetched is not null)),
        ];

    /// <summary>Lanes as they stand.</summary>
    public ImmutableArray<LaneView> Lanes() => _scheduler.Lanes();

    /// <summary>Groups as they stand.</summary>
    public ImmutableArray<GroupView> Groups() => _scheduler.Groups();

    /// <summary>Figures for an administrator.</summary>
    public EngineStats Stats() =>
        new()
        {
            Counts = _counts with { },
            Lanes = _scheduler.Lanes(),
            Groups = _scheduler.Groups(),
            Routines = _routines.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Since = _since,
            StoreBytes = _store.SizeInBytes,
        };

    /// <summary>Lets a letter know when a task is final.</summary>
    public void AddWaiter(TaskId task, WaitLetter letter)
    {
        if (!_waiters.TryGetValue(task, out var waiters))
            _waiters.Add(task, waiters = []);
        waiters.Add(letter);
    }

    /// <summary>A letter no longer waits for a task.</summary>
    public void RemoveWaiter(TaskId task, WaitLetter letter)
    {
        if (_waiters.TryGetValue(task, out var waiters) && waiters.Remove(letter) && waiters.Count == 0)
            _waiters.Remove(task);
    }

    private IEnumerable<TaskRecord> Merge(long from)
    {
        var heads = new PriorityQueue<IEnumerator<TaskRecord>, long>();
        foreach (var group in _groups.Values)
        {
            var tasks = group.From(from).GetEnumerator();
            if (tasks.MoveNext())
                heads.Enqueue(tasks, tasks.Current.Spec.Id.Value);
        }

        while (heads.TryDequeue(out var next, out _))
        {
            yield return next.Current;
            if (next.MoveNext())
                heads.Enqueue(next, next.Current.Spec.Id.Value);
        }
    }
}
