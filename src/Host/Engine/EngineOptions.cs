using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>What the engine has to know of the configuration.</summary>
internal sealed record EngineOptions
{
    /// <summary>Lanes, caps and limits to begin with.</summary>
    public required SchedulerOptions Scheduling { get; init; }

    /// <summary>Limits of what is kept.</summary>
    public LedgerOptions Ledger { get; init; } = new();

    /// <summary>How long attempts may take to stop politely when the daemon stops.</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(10);
}
