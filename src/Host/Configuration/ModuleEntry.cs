using System.Collections.Immutable;

namespace AptTask.Host.Configuration;

/// <summary>One <c>[[module]]</c>: functions called as <c>NAME:TYPE.METHOD</c>. Either <see cref="Assembly"/> or <see cref="Plugin"/> is set.</summary>
internal sealed record ModuleEntry : RoutineRules
{
    /// <summary>For people.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The simple name of an assembly of the framework.</summary>
    public string? Assembly { get; init; }

    /// <summary>The name of a plugin.</summary>
    public string? Plugin { get; init; }

    /// <summary>Patterns of <c>Type.Method</c> that may be called (<c>*</c> stands for any run of characters); never empty.</summary>
    public required ImmutableArray<string> Functions { get; init; }

    /// <summary>Where it runs; null for what holds for the plugin (framework: a worker process).</summary>
    public Isolation? Isolation { get; init; }

    /// <summary>The fence; null for <c>sandbox.default_profile</c>.</summary>
    public SandboxProfile? Sandbox { get; init; }
}
