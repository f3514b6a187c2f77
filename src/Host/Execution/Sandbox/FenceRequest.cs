using AptTask.Host.Configuration;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>The fence that somebody wants.</summary>
/// <param name="Profile">How high.</param>
/// <param name="Limits">What may be used.</param>
/// <param name="User">Whom to run as; null to stay who the daemon is.</param>
/// <param name="Tools">Where the tools are.</param>
internal sealed record FenceRequest(SandboxProfile Profile, CommandLimits Limits, Subject? User, SandboxOptions Tools)
{
    /// <summary>The path of the program that does what needs no tool, in one step; null to use the chain of tools.</summary>
    public string? Launcher { get; init; }

    /// <summary>What can be seen inside.</summary>
    public FenceView View { get; init; } = FenceView.Nothing;

    /// <summary>What holds for one start; made by <see cref="FencedStart"/>.</summary>
    public FenceStart Start { get; init; } = new();

    /// <summary>The machine's own folders.</summary>
    public MachineLayout Machine { get; init; } = MachineLayout.OfThisMachine;

    /// <summary>Whether it is built with namespaces of the kernel, in which a command has a view of its own.</summary>
    public bool HasNamespaces => Profile is SandboxProfile.Restricted or SandboxProfile.Isolated;
}
