namespace AptTask.Protocol;

/// <summary>A job that a task waits, or waited, for.</summary>
/// <param name="Job">Its job id.</param>
/// <param name="When">How it has to end.</param>
/// <param name="State">Where it stands; null when nobody has submitted it.</param>
public sealed record WaitForView(string Job, WaitForEnd When, string? State = null);
