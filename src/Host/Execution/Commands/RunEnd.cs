using AptTask.Host.Execution.Sandbox;

namespace AptTask.Host.Execution.Commands;

/// <summary>How a run ended.</summary>
/// <param name="ExitCode">The exit code; 128 and the signal's number when a signal ended it.</param>
/// <param name="WasStopped">It was told to stop while it ran.</param>
/// <param name="Usage">What it used, as far as it could be seen.</param>
internal sealed record RunEnd(int ExitCode, bool WasStopped, FenceUsage Usage)
{
    /// <summary>The command never ran: the fence around it could not be built.</summary>
    public bool IsUnbuilt { get; init; }
}
