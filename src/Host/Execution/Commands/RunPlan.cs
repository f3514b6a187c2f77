using System.Collections.Immutable;
using AptTask.Host.Execution.Sandbox;

namespace AptTask.Host.Execution.Commands;

/// <summary>Everything about one run that does not depend on the program's behaviour.</summary>
internal sealed record RunPlan
{
    /// <summary>In which fence.</summary>
    public required FenceRequest Fence { get; init; }

    /// <summary>What is started in it: the absolute path of a program, and its arguments.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>All of its environment, the mark left out.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Where it starts, on the machine. In a fence with namespaces its view says where the command starts.</summary>
    public string WorkingFolder { get; init; } = "/";

    /// <summary>What it reads.</summary>
    public ReadOnlyMemory<byte> StandardInput { get; init; }

    /// <summary>How long it may take after a polite signal.</summary>
    public required TimeSpan Grace { get; init; }
}
