using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>What a client is told of a task that it submitted.</summary>
/// <param name="Task">The task that answers for it.</param>
/// <param name="State">Where that task stands.</param>
/// <param name="Deduplicated">Whether it was here before.</param>
internal readonly record struct AcceptedTask(TaskId Task, TaskState State, bool Deduplicated);
