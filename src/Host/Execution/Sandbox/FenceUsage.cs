namespace AptTask.Host.Execution.Sandbox;

/// <summary>What a run used, as far as it can be measured; null where it cannot.</summary>
/// <param name="CpuSeconds">Processor time.</param>
/// <param name="PeakMemory">The most memory, in bytes: of all processes together in a group of the kernel, else of the largest one.</param>
internal sealed record FenceUsage(double? CpuSeconds, long? PeakMemory)
{
    /// <summary>Nothing could be measured.</summary>
    public static FenceUsage Unknown { get; } = new(null, null);

    /// <summary>How many of its processes were killed because all together took too much memory.</summary>
    public long OutOfMemory { get; init; }

    /// <summary>How often it was refused another process.</summary>
    public long OutOfProcesses { get; init; }

    /// <summary>Fills what is not known from another measurement.</summary>
    public FenceUsage Or(FenceUsage other) =>
        this with
        {
            CpuSeconds = CpuSeconds ?? other.CpuSeconds,
            PeakMemory = PeakMemory ?? other.PeakMemory,
        };
}
