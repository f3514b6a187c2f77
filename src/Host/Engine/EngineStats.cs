using System.Collections.Immutable;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>Figures for an administrator.</summary>
internal sealed record EngineStats
{
    /// <summary>Since the start.</summary>
    public required EngineCounts Counts { get; init; }

    /// <summary>Lanes as they stand.</summary>
    public required ImmutableArray<LaneView> Lanes { get; init; }

    /// <summary>Groups as they stand.</summary>
    public required ImmutableArray<GroupView> Groups { get; init; }

    /// <summary>Live and kept tasks by routine.</summary>
    public required ImmutableSortedDictionary<string, int> Routines { get; init; }

    /// <summary>When the engine started.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The size of the store on disk in bytes, 0 when it is in memory.</summary>
    public required long StoreBytes { get; init; }
}
