using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>A task to be taken; its number is given by the loop.</summary>
/// <param name="Spec">What the scheduler must know; its id is not set yet.</param>
/// <param name="Order">What it must not.</param>
internal readonly record struct NewTask(TaskSpec Spec, WorkOrder Order);
