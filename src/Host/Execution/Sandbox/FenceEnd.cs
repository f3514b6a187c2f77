namespace AptTask.Host.Execution.Sandbox;

/// <summary>What is known of a fence when nothing of it is left.</summary>
/// <param name="Status">What its start said.</param>
/// <param name="Usage">What was used inside.</param>
internal sealed record FenceEnd(FenceStatus Status, FenceUsage Usage);
