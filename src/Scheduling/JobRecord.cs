namespace AptTask.Scheduling;

/// <summary>What a group remembers of a job id beyond the life of its task, or the second name of a live one.</summary>
/// <param name="Group">Whose job.</param>
/// <param name="Job">Its name.</param>
/// <param name="Task">The newest task of that name.</param>
/// <param name="Outcome">How it ended; null for an alias of a task that is still here.</param>
/// <param name="Until">When the memory fades; null for an alias.</param>
public sealed record JobRecord(GroupName Group, JobId Job, TaskId Task, TaskOutcome? Outcome, DateTimeOffset? Until);
