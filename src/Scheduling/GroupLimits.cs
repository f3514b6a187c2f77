namespace AptTask.Scheduling;

/// <summary>What one group, or each group of a pattern, may have.</summary>
/// <param name="Pattern">A group's name; <c>*</c> stands for any run of characters.</param>
public sealed record GroupLimits(string Pattern)
{
    /// <summary>The share of a fair lane, 1 or more: a group of weight 2 gets twice the places of a group of weight 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>How many of its tasks may run at once, over all lanes; null for no limit.</summary>
    public int? Running { get; init; }

    /// <summary>How many of its tasks may be waiting, ready or backing off; null for no limit.</summary>
    public int? Pending { get; init; }

    /// <summary>How many live tasks and kept results it may have together; null for no limit.</summary>
    public int? Quota { get; init; }
}
