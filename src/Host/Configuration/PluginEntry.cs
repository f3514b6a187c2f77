namespace AptTask.Host.Configuration;

/// <summary>One <c>[[plugin]]</c>: what the administrator says about a plugin's routines.</summary>
internal sealed record PluginEntry : RoutineRules
{
    /// <summary>Where its code runs.</summary>
    public Isolation Isolation { get; init; } = Isolation.Process;

    /// <summary>The fence around its worker process; null for <c>sandbox.default_profile</c>.</summary>
    public SandboxProfile? Sandbox { get; init; }
}
