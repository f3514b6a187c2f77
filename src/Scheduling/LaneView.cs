using System.Collections.Immutable;

namespace AptTask.Scheduling;

/// <summary>How a lane stands at one moment.</summary>
/// <param name="Name">Which lane.</param>
/// <param name="Options">What it was configured to be.</param>
/// <param name="Used">How many places are taken.</param>
/// <param name="Ready">How many tasks wait for a place.</param>
/// <param name="Paused">Whether it starts nothing more.</param>
/// <param name="Running">Its running tasks, in the order in which they started.</param>
public sealed record LaneView(
    LaneName Name,
    LaneOptions Options,
    int Used,
    int Ready,
    bool Paused,
    ImmutableArray<TaskId> Running
);
