using System.Collections.Immutable;

namespace AptTask.Scheduling;

/// <summary>All that the scheduler has to know of a task. What runs, and with which arguments, is not its business.</summary>
/// <remarks>
/// A million of them are kept while their tasks are pending, so what is rarely given is stored without the room of a <c>Nullable</c>:
/// this is half of what the plain properties would need.
/// </remarks>
public sealed record TaskSpec
{
    /// <summary>The highest priority, and below zero the lowest.</summary>
    public const int PriorityLimit = 100;

    private const long None = long.MinValue;

    private readonly string? _job;
    private readonly long _timeout = None;
    private readonly long _notBefore = None;
    private readonly long _deadline = None;
    private readonly sbyte _priority;
    private readonly ushort _weight = 1;

    /// <summary>The number of the task, given by the owner of the scheduler; never seen before.</summary>
    public required TaskId Id { get; init; }

    /// <summary>Where the task belongs.</summary>
    public required GroupName Group { get; init; }

    /// <summary>The lane whose places it needs.</summary>
    public required LaneName Lane { get; init; }

    /// <summary>The client's name for it, if it has one.</summary>
    public JobId? Job
    {
        get => _job is null ? null : new JobId(_job);
        init => _job = value?.Value;
    }

    /// <summary>What has to end before it may start.</summary>
    public ImmutableArray<Dependency> WaitFor { get; init; } = [];

    /// <summary>−100 to 100; higher starts earlier. Second to being waited for, before age.</summary>
    public int Priority
    {
        get => _priority;
        init =>
            _priority = value is >= -PriorityLimit and <= PriorityLimit
                ? (sbyte)value
                : throw new ArgumentOutOfRangeException(
                    nameof(value),
                    value,
                    $"A priority is from -{PriorityLimit} to {PriorityLimit}."
                );
    }

    /// <summary>How many places of the lane it holds while it runs: 1 up to the width of the lane.</summary>
    public int Weight
    {
        get => _weight;
        init =>
            _weight = value is >= 1 and <= ushort.MaxValue
                ? (ushort)value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "A weight is 1 or more.");
    }

    /// <summary>What happens after a failed attempt.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.Never;

    /// <summary>How long one attempt may take; null for no limit.</summary>
    public TimeSpan? Timeout
    {
        get => _timeout == None ? null : new TimeSpan(_timeout);
        init => _timeout = value?.Ticks ?? None;
    }

    /// <summary>It does not start earlier.</summary>
    public DateTimeOffset? NotBefore
    {
        get => _notBefore == None ? null : new DateTimeOffset(_notBefore, TimeSpan.Zero);
        init => _notBefore = value?.UtcTicks ?? None;
    }

    /// <summary>It is skipped, or stopped if it runs, when this instant passes.</summary>
    public DateTimeOffset? Deadline
    {
        get => _deadline == None ? null : new DateTimeOffset(_deadline, TimeSpan.Zero);
        init => _deadline = value?.UtcTicks ?? None;
    }

    /// <summary>While a live task of the group has this key, a second submission with it is answered by the first task.</summary>
    public string? Unique { get; init; }

    /// <summary>Tells whether two submissions under one job id ask for the same; equal content means equal fingerprints.</summary>
    public long Fingerprint { get; init; }

    /// <summary>Running it twice does no harm, so a lost attempt is followed by another (three times at most).</summary>
    public bool Idempotent { get; init; }

    /// <summary>The name under which running tasks are counted against a cap (the routine); null for no cap.</summary>
    public string? Cap { get; init; }
}
