namespace AptTask.Protocol;

/// <summary>A lane.</summary>
public sealed record LaneRow
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How many places it has.</summary>
    public required int Width { get; init; }

    /// <summary>How many are taken.</summary>
    public required int Used { get; init; }

    /// <summary>How many tasks wait for a place.</summary>
    public required int Ready { get; init; }

    /// <summary>It starts nothing more.</summary>
    public required bool Paused { get; init; }

    /// <summary>Groups share its places.</summary>
    public required bool Fair { get; init; }

    /// <summary>Who may use it; null for all.</summary>
    public IReadOnlyList<string>? Groups { get; init; }

    /// <summary>What runs in it.</summary>
    public required IReadOnlyList<long> Running { get; init; }
}
