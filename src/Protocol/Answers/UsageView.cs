namespace AptTask.Protocol;

/// <summary>What the last attempt used, as far as it could be measured.</summary>
/// <param name="CpuSeconds">Processor time of all its processes.</param>
/// <param name="PeakMemoryBytes">The most memory it held at once.</param>
/// <param name="OutputBytes">What it wrote, kept or not.</param>
public sealed record UsageView(double? CpuSeconds = null, long? PeakMemoryBytes = null, long? OutputBytes = null);
