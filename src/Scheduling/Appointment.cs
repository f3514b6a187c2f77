namespace AptTask.Scheduling;

/// <summary>Something that happens to a task, or to the memory of a job, when its time comes.</summary>
/// <param name="Ticks">When, in UTC ticks.</param>
/// <param name="Kind">What.</param>
/// <param name="Task">The number of the task; for a memory, of the task that is remembered.</param>
/// <param name="Target">The <see cref="TaskNode"/> or the <see cref="JobNode"/>.</param>
internal readonly record struct Appointment(long Ticks, DueKind Kind, long Task, object Target);
