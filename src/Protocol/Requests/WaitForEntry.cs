namespace AptTask.Protocol;

/// <summary>A job that a task waits for.</summary>
/// <param name="Job">Its job id; it may be submitted later.</param>
/// <param name="When">How it has to end.</param>
public readonly record struct WaitForEntry(string Job, WaitForEnd When = WaitForEnd.Done);
