namespace AptTask.Protocol;

/// <summary>A routine as clients see it.</summary>
public sealed record RoutineView
{
    /// <summary>Its name in requests.</summary>
    public required string Name { get; init; }

    /// <summary><c>plugin</c>, <c>command</c>, <c>function</c> or <c>module</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>For people.</summary>
    public string Help { get; init; } = "";

    /// <summary>Where it comes from.</summary>
    public required string Origin { get; init; }

    /// <summary>The lane it runs in.</summary>
    public string? Lane { get; init; }

    /// <summary>Other lanes that a client may choose.</summary>
    public IReadOnlyList<string>? Lanes { get; init; }

    /// <summary>How many places it needs, when not one.</summary>
    public int? Weight { get; init; }

    /// <summary>How long an attempt may take.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>Running it twice does no harm.</summary>
    public bool? Idempotent { get; init; }

    /// <summary>Its arguments, in the order in which they can be given by position.</summary>
    public required IReadOnlyList<ArgumentView> Arguments { get; init; }

    /// <summary>Why it cannot run here, with a remedy.</summary>
    public string? Unavailable { get; init; }
}
