using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>Something that happened to a task, for those who watch. Immutable.</summary>
internal abstract record TaskEvent(TaskId Task, GroupName Group, JobId? Job, DateTimeOffset At)
{
    /// <summary>Grows by one for each state and posted event of the group; 0 for a report, which is neither numbered nor kept.</summary>
    public long Sequence { get; init; }

    /// <summary>It is in a new state.</summary>
    public sealed record State(
        TaskId Task,
        GroupName Group,
        JobId? Job,
        DateTimeOffset At,
        TaskState Now,
        string? Message
    ) : TaskEvent(Task, Group, Job, At);

    /// <summary>It said how far it is.</summary>
    public sealed record Report(
        TaskId Task,
        GroupName Group,
        JobId? Job,
        DateTimeOffset At,
        double Progress,
        string? Message
    ) : TaskEvent(Task, Group, Job, At);

    /// <summary>It left named data.</summary>
    public sealed record Posted(
        TaskId Task,
        GroupName Group,
        JobId? Job,
        DateTimeOffset At,
        string Name,
        ReadOnlyMemory<byte> Value
    ) : TaskEvent(Task, Group, Job, At);
}
