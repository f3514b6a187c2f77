namespace AptTask.Scheduling;

/// <summary>How many tasks may run at once under one name, over all groups and lanes.</summary>
internal sealed class Cap(string name, int limit)
{
    public string Name { get; } = name;

    public int Limit { get; set; } = limit;

    public int Running { get; set; }

    public bool IsFull => Running >= Limit;

    /// <summary>The queues that hold ready tasks of it: they close when it is full, and open again.</summary>
    public HashSet<ReadyQueue> Queues { get; } = [];
}
