using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>
/// All that the engine keeps in memory of one task, beside what the scheduler knows. Owned by the loop: nobody else may
/// read it, snapshots are made for the others.
/// </summary>
internal sealed class TaskRecord(TaskSpec spec, WorkOrder order, DateTimeOffset created)
{
    /// <summary>What was accepted.</summary>
    public TaskSpec Spec { get; } = spec;

    /// <summary>What runs.</summary>
    public WorkOrder Order { get; } = order;

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset Created { get; } = created;

    /// <summary>The state that the scheduler last reported. Redundant with the scheduler; only the effect of a move writes it.</summary>
    public TaskState State { get; set; } = new TaskState.Waiting(0);

    /// <summary>When the newest attempt started.</summary>
    public DateTimeOffset? Started { get; set; }

    /// <summary>When it became final.</summary>
    public DateTimeOffset? Finished { get; set; }

    /// <summary>When its result was first fetched.</summary>
    public DateTimeOffset? Fetched { get; set; }

    /// <summary>Whether the owner has the result; the task stays only while a dependant needs its data.</summary>
    public bool Acknowledged { get; set; }

    /// <summary>The newest report, 0 to 1.</summary>
    public double? Progress { get; set; }

    /// <summary>The newest message for people.</summary>
    public string? Message { get; set; }

    /// <summary>A program's exit code.</summary>
    public int? ExitCode { get; set; }

    /// <summary>What the last attempt used.</summary>
    public AttemptUsage? Usage { get; set; }

    /// <summary>How many of its attempts were lost.</summary>
    public int LostAttempts { get; set; }

    /// <summary>What it returned, if that is still in memory. The store has it in any case.</summary>
    public ReadOnlyMemory<byte>? Data { get; set; }

    /// <summary>Whether it posted anything, so that nobody looks in vain.</summary>
    public bool HasPosted { get; set; }

    /// <summary>How long the worklog is so far, in bytes of text; 0 when nothing was logged.</summary>
    public long WorkLogLength { get; set; }

    /// <summary>What of it is not written yet. Cleared by the commit.</summary>
    public PendingWrite Pending { get; set; }
}
