using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>One watcher of a group, or of one task of it.</summary>
/// <param name="Group">Which group.</param>
/// <param name="Task">Only this task; null for all.</param>
/// <param name="After">Numbered events up to this one are not told: they were known before the watching began.</param>
/// <param name="Sink">Who gets the events.</param>
internal sealed record Subscription(GroupName Group, TaskId? Task, long After, IEventSink Sink)
{
    /// <summary>Whether an event is one of those that are watched.</summary>
    public bool Wants(TaskEvent happened) =>
        (Task is null || Task == happened.Task) && (happened.Sequence == 0 || happened.Sequence > After);
}
