namespace AptTask.Scheduling;

/// <summary>A task waits for a job of its own group to end in a certain way.</summary>
/// <param name="Job">The job that is waited for; it may be submitted later.</param>
/// <param name="When">How it has to end.</param>
public readonly record struct Dependency(JobId Job, DependencyCondition When = DependencyCondition.Done);
