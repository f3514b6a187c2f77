namespace AptTask.Host.Execution.Commands;

/// <summary>How a run ended.</summary>
/// <param name="ExitCode">The exit code; 128 and the signal's number when a signal ended it.</param>
/// <param name="WasStopped">It was told to stop while it ran.</param>
/// <param name="CpuSeconds">Processor time of the command itself, as far as it could be seen.</param>
/// <param name="PeakMemory">The most memory of the command itself, as far as it could be seen.</param>
internal sealed record RunEnd(int ExitCode, bool WasStopped, double? CpuSeconds, long? PeakMemory);
