namespace AptTask.Host.Engine;

/// <summary>What an attempt used.</summary>
/// <param name="CpuSeconds">Processor time of all its processes.</param>
/// <param name="PeakMemoryBytes">The most memory it held at once.</param>
/// <param name="OutputBytes">What it wrote to its output, cut or not.</param>
internal sealed record AttemptUsage(double? CpuSeconds, long? PeakMemoryBytes, long? OutputBytes);
