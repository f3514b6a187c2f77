using AptTask.Host.Configuration;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>The fence that somebody wants.</summary>
/// <param name="Profile">How high.</param>
/// <param name="Limits">What may be used.</param>
/// <param name="User">Whom to run as; null to stay who the daemon is.</param>
/// <param name="Tools">Where the tools are.</param>
internal sealed record FenceRequest(SandboxProfile Profile, CommandLimits Limits, Subject? User, SandboxOptions Tools)
{
    /// <summary>The path of the program that builds this fence in one step; null to use the chain of tools.</summary>
    public string? Launcher { get; init; }
}
