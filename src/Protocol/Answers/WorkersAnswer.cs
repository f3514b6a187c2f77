namespace AptTask.Protocol;

/// <summary>The workers.</summary>
/// <param name="Workers">By name.</param>
public sealed record WorkersAnswer(IReadOnlyList<WorkerView> Workers) : Answer;
