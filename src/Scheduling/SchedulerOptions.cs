using System.Collections.Immutable;

namespace AptTask.Scheduling;

/// <summary>Lanes, caps and limits.</summary>
public sealed record SchedulerOptions
{
    /// <summary>The lanes by name.</summary>
    public required ImmutableDictionary<LaneName, LaneOptions> Lanes { get; init; }

    /// <summary>How many tasks may run at once under a name that tasks carry as <see cref="TaskSpec.Cap"/>.</summary>
    public ImmutableDictionary<string, int> Caps { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Limits of groups; the first whose pattern matches holds, none means no limit.</summary>
    public ImmutableArray<GroupLimits> Groups { get; init; } = [];

    /// <summary>How long a group remembers how its jobs ended.</summary>
    public TimeSpan Remember { get; init; } = TimeSpan.FromDays(7);
}
