using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>Names a task as a client does: by number or by its own name, within what it may see.</summary>
/// <param name="Group">Whose task; null when an administrator names one by number.</param>
/// <param name="Task">By number.</param>
/// <param name="Job">By the client's own name.</param>
internal readonly record struct TaskReference(GroupName? Group, TaskId? Task, JobId? Job);
