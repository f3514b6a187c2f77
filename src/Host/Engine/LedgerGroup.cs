using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>What the ledger keeps of one group: its tasks by age, its numbered events, who watches, who waits for room.</summary>
internal sealed class LedgerGroup(GroupName name, long sequence, int eventLimit)
{
    private readonly Queue<TaskEvent> _events = new();

    // By age. A task that is gone leaves a hole, and its id stays beside the hole for the search.
    private readonly List<TaskRecord?> _tasks = [];
    private readonly List<long> _ids = [];
    private int _holes;

    /// <summary>Which group.</summary>
    public GroupName Name { get; } = name;

    /// <summary>The number of the newest event.</summary>
    public long Sequence { get; private set; } = sequence;

    /// <summary>The number of the newest event that is written and told.</summary>
    public long Told { get; private set; } = sequence;

    /// <summary>The number of the oldest event that can still be had.</summary>
    public long OldestSequence => Sequence - _events.Count + 1;

    /// <summary>Who watches.</summary>
    public List<Subscription> Subscriptions { get; } = [];

    /// <summary>Submissions that wait for room, the oldest first.</summary>
    public LinkedList<SubmitLetter> Parked { get; } = new();

    /// <summary>The events after a number, or null when some of them are gone.</summary>
    public IEnumerable<TaskEvent>? EventsAfter(long sequence) =>
        sequence + 1 < OldestSequence ? null : _events.Where(happened => happened.Sequence > sequence);

    /// <summary>Numbers an event and keeps it for a while.</summary>
    public TaskEvent Number(TaskEvent happened)
    {
        var numbered = happened with { Sequence = ++Sequence };
        if (_events.Count == eventLimit)
            _events.Dequeue();
        _events.Enqueue(numbered);
        return numbered;
    }

    /// <summary>Tells those who watch. One that has no room is told no more; its sink knows.</summary>
    public void Tell(TaskEvent happened)
    {
        Told = Math.Max(Told, happened.Sequence);
        for (var index = Subscriptions.Count - 1; index >= 0; index--)
        {
            var subscription = Subscriptions[index];
            if (subscription.Wants(happened) && !subscription.Sink.Offer(happened))
                Subscriptions.RemoveAt(index);
        }
    }

    /// <summary>Adds a task; its id is greater than all before.</summary>
    public void Add(TaskRecord task)
    {
        _tasks.Add(task);
        _ids.Add(task.Spec.Id.Value);
    }

    /// <summary>Takes a task out.</summary>
    public void Remove(TaskId task)
    {
        _tasks[IndexFrom(task.Value)] = null;
        _holes++;
        // When half of the list are holes, closing them costs each removal one move.
        if (_holes * 2 > _tasks.Count)
            CloseHoles();
    }

    /// <summary>The tasks from an id on, by age.</summary>
    public IEnumerable<TaskRecord> From(long task)
    {
        for (var index = IndexFrom(task); index < _tasks.Count; index++)
        {
            if (_tasks[index] is { } record)
                yield return record;
        }
    }

    private int IndexFrom(long task)
    {
        var index = _ids.BinarySearch(task);
        return index >= 0 ? index : ~index;
    }

    private void CloseHoles()
    {
        _tasks.RemoveAll(task => task is null);
        _ids.Clear();
        _ids.AddRange(_tasks.Select(task => task!.Spec.Id.Value));
        _holes = 0;
    }
}
