using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>What a stop came to.</summary>
/// <param name="Task">Which task.</param>
/// <param name="State">Where it stands now: still running while its process is being ended.</param>
internal readonly record struct StopOutcome(TaskId Task, TaskState State);
