using System.Collections.Immutable;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>
/// The files that the step which starts a fence opens, before it becomes another user: the daemon's own, which nobody inside can
/// reach by a path.
/// </summary>
internal sealed record FenceStart
{
    /// <summary>Where the start is told what became of it; see <see cref="FenceStatus"/>. Null for fences without namespaces.</summary>
    public string? Status { get; init; }

    /// <summary>What <see cref="SyscallFilter"/> wrote.</summary>
    public string Filter { get; init; } = "";

    /// <summary>The users that are known inside.</summary>
    public string Users { get; init; } = "";

    /// <summary>The groups of users that are known inside.</summary>
    public string UserGroups { get; init; } = "";

    /// <summary>The <c>cgroup.procs</c> of each group of the kernel that it joins first.</summary>
    public ImmutableArray<string> Joins { get; init; } = [];
}
