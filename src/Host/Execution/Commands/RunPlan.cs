using AptTask.Host.Execution.Sandbox;

namespace AptTask.Host.Execution.Commands;

/// <summary>Everything about one run that does not depend on the program's behaviour.</summary>
internal sealed record RunPlan
{
    /// <summary>What is started.</summary>
    public required LaunchPlan Launch { get; init; }

    /// <summary>All of its environment, the mark left out.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Where it starts.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>What it reads.</summary>
    public ReadOnlyMemory<byte> StandardInput { get; init; }

    /// <summary>How long it may take after a polite signal.</summary>
    public required TimeSpan Grace { get; init; }
}
