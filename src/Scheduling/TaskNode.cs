namespace AptTask.Scheduling;

/// <summary>
/// A task in memory: what was accepted, where it stands, and the little that its indexes need. A million of them are a normal
/// case, so each field is weighed. Only its <see cref="GroupSchedule"/> changes it.
/// </summary>
internal sealed class TaskNode(TaskSpec spec, GroupSchedule group)
{
    private const int IdBits = 54;

    public TaskSpec Spec { get; } = spec;

    public GroupSchedule Group { get; } = group;

    /// <summary>Null only until the first move.</summary>
    public TaskState State { get; set; } = null!;

    /// <summary>The job id that was submitted with it. While a submission is checked: null also when nobody has named it before.</summary>
    public JobNode? Job { get; set; }

    /// <summary>The entries of its <c>waitfor</c>; empty once it is final.</summary>
    public DependencyEdge[] Edges { get; set; } = [];

    /// <summary>Neighbours among the waiting tasks of the group, in the order in which they came.</summary>
    public TaskNode? PreviousWaiting { get; set; }

    public TaskNode? NextWaiting { get; set; }

    /// <summary>When the running attempt takes too long, in UTC ticks; 0 for never.</summary>
    public long TimeoutAt { get; set; }

    public int LostAttempts { get; set; }

    /// <summary>How many places the running attempt was given.</summary>
    public short Held { get; set; }

    /// <summary>The running attempt has been told to end without grace.</summary>
    public bool Forced { get; set; }

    /// <summary>It stands in its queue as one that is waited for.</summary>
    public bool RankedAsWanted { get; set; }

    /// <summary>
    /// The order of ready tasks as one number, the smallest first: waited for by others, then higher priority, then older.
    /// </summary>
    public long Rank =>
        (RankedAsWanted ? 0L : 1L << (IdBits + 8))
        | ((long)(TaskSpec.PriorityLimit - Spec.Priority) << IdBits)
        | Spec.Id.Value;

    public override string ToString() => $"task {Spec.Id}";
}
