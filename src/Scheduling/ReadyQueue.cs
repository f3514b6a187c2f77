namespace AptTask.Scheduling;

/// <summary>
/// The ready tasks of one group in one lane that count against the same cap (or against none), in order. It knows nothing of
/// places; the board reads its head.
/// </summary>
internal sealed class ReadyQueue(GroupLane owner, Cap? cap)
{
    private readonly SortedSet<Entry> _entries = new(new ByRank());

    public GroupLane Owner { get; } = owner;

    public Cap? Cap { get; } = cap;

    public int Count => _entries.Count;

    /// <summary>The first in order; there must be one.</summary>
    public TaskNode Head => _entries.Min.Task;

    public void Add(TaskNode task)
    {
        if (!_entries.Add(new Entry(task.Rank, task)))
            throw new InvalidOperationException($"{task} is in its queue already.");
        if (_entries.Count == 1)
            Cap?.Queues.Add(this);
    }

    public void Remove(TaskNode task)
    {
        if (!_entries.Remove(new Entry(task.Rank, task)))
            throw new InvalidOperationException($"{task} is not in its queue.");
        if (_entries.Count == 0)
            Cap?.Queues.Remove(this);
    }

    public bool Contains(TaskNode task) => _entries.Contains(new Entry(task.Rank, task));

    /// <summary>How many tasks have a smaller rank. Walks over them: for questions of people, not for the hot path.</summary>
    public int CountBefore(long rank) => _entries.TakeWhile(entry => entry.Rank < rank).Count();

    public IEnumerable<TaskNode> InOrder() => _entries.Select(entry => entry.Task);

    private readonly record struct Entry(long Rank, TaskNode Task);

    private sealed class ByRank : IComparer<Entry>
    {
        public int Compare(Entry x, Entry y) => x.Rank.CompareTo(y.Rank);
    }
}
