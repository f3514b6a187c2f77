namespace AptTask.Scheduling;

/// <summary>A task as the store remembers it.</summary>
/// <param name="Spec">What was accepted.</param>
/// <param name="State">The last state that was written.</param>
/// <param name="LostAttempts">How many attempts of it were lost so far.</param>
/// <param name="Started">When the running attempt started; the time-out counts from it.</param>
public sealed record RestoredTask(TaskSpec Spec, TaskState State, int LostAttempts, DateTimeOffset? Started);
