using System.Collections.Immutable;
using AptTask.Host.Execution.Sandbox;

namespace AptTask.Host.Execution.Workers;

/// <summary>Everything about a worker process that does not depend on what it runs.</summary>
internal sealed record WorkerPlan
{
    /// <summary>In which fence.</summary>
    public required FenceRequest Fence { get; init; }

    /// <summary>What is started in it.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>All of its environment, the mark left out.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>A folder of its own, as the daemon sees it; removed after its end.</summary>
    public required string Folder { get; init; }

    /// <summary>The longest frame that it may send, in bytes.</summary>
    public required int MaxFrame { get; init; }

    /// <summary>How long an attempt may take to end when it is told to, before the process is killed.</summary>
    public required TimeSpan Grace { get; init; }

    /// <summary>How long it may take to become ready, or to take in a frame.</summary>
    public required TimeSpan Patience { get; init; }
}
