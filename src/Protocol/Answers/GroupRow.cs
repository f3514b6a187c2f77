namespace AptTask.Protocol;

/// <summary>A group.</summary>
public sealed record GroupRow
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Tasks that wait for jobs or for their time.</summary>
    public required int Waiting { get; init; }

    /// <summary>Tasks that wait for a place.</summary>
    public required int Ready { get; init; }

    /// <summary>Tasks with an attempt under way.</summary>
    public required int Running { get; init; }

    /// <summary>Tasks between two attempts.</summary>
    public required int BackingOff { get; init; }

    /// <summary>Final tasks whose results are kept.</summary>
    public required int Kept { get; init; }

    /// <summary>Nothing more of it starts.</summary>
    public required bool Paused { get; init; }

    /// <summary>Its share of fair lanes.</summary>
    public int? Weight { get; init; }

    /// <summary>How many of its tasks may run at once.</summary>
    public int? RunningLimit { get; init; }

    /// <summary>How many of its tasks may be pending.</summary>
    public int? PendingLimit { get; init; }

    /// <summary>How many live tasks and kept results it may have together.</summary>
    public int? Quota { get; init; }
}
