using System.Collections.Immutable;

namespace AptTask.Scheduling;

/// <summary>All that the scheduler has to know of a task. What runs, and with which arguments, is not its business.</summary>
public sealed record TaskSpec
{
    /// <summary>The number of the task, given by the owner of the scheduler; never seen before.</summary>
    public required TaskId Id { get; init; }

    /// <summary>Where the task belongs.</summary>
    public required GroupName Group { get; init; }

    /// <summary>The lane whose places it needs.</summary>
    public required LaneName Lane { get; init; }

    /// <summary>The client's name for it, if it has one.</summary>
    public JobId? Job { get; init; }

    /// <summary>What has to end before it may start.</summary>
    public ImmutableArray<Dependency> WaitFor { get; init; } = [];

    /// <summary>−100 to 100; higher starts earlier. Second to being waited for, before age.</summary>
    public int Priority { get; init; }

    /// <summary>How many places of the lane it holds while it runs: 1 up to the width of the lane.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>What happens after a failed attempt.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.Never;

    /// <summary>How long one attempt may take; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>It does not start earlier.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>It is skipped, or stopped if it runs, when this instant passes.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>While a live task of the group has this key, a second submission with it is answered by the first task.</summary>
    public string? Unique { get; init; }

    /// <summary>Tells whether two submissions under one job id ask for the same; equal content means equal fingerprints.</summary>
    public long Fingerprint { get; init; }

    /// <summary>Running it twice does no harm, so a lost attempt is followed by another (three times at most).</summary>
    public bool Idempotent { get; init; }

    /// <summary>The name under which running tasks are counted against a cap (the routine); null for no cap.</summary>
    public string? Cap { get; init; }
}
