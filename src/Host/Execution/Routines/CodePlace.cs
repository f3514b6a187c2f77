using AptTask.Host.Configuration;

namespace AptTask.Host.Execution.Routines;

/// <summary>Where the code of a plugin runs. A plugin can be in several places, when entries of the whitelist say so.</summary>
/// <param name="Plugin">The plugin's name.</param>
/// <param name="Isolation">In the daemon or in a process of its own.</param>
/// <param name="Fence">The fence around that process; always none inside the daemon.</param>
internal readonly record struct CodePlace(string Plugin, Isolation Isolation, SandboxProfile Fence)
{
    /// <summary>The place that an administrator chose.</summary>
    public static CodePlace Of(string plugin, Isolation isolation, SandboxProfile? fence, DaemonOptions options) =>
        new(
            plugin,
            isolation,
            isolation == Isolation.Context ? SandboxProfile.None : fence ?? options.Sandbox.DefaultProfile
        );
}
