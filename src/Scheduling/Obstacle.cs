using System.Collections.Immutable;

namespace AptTask.Scheduling;

/// <summary>One reason why a task is not running. A task can have several.</summary>
public abstract record Obstacle
{
    private Obstacle() { }

    /// <summary>It waits for a job that is not final yet.</summary>
    /// <param name="Job">Which job.</param>
    /// <param name="When">How it has to end.</param>
    /// <param name="Task">Its task, or null when nobody has submitted such a job.</param>
    /// <param name="State">Where that task stands.</param>
    public sealed record OpenDependency(JobId Job, DependencyCondition When, TaskId? Task, TaskState? State) : Obstacle;

    /// <summary>It is not due.</summary>
    /// <param name="NotBefore">When it will be.</param>
    public sealed record NotDue(DateTimeOffset NotBefore) : Obstacle;

    /// <summary>Its last attempt failed.</summary>
    /// <param name="Due">When the next may start.</param>
    /// <param name="NextAttempt">Its number.</param>
    public sealed record BackingOff(DateTimeOffset Due, int NextAttempt) : Obstacle;

    /// <summary>The lane has too few free places.</summary>
    /// <param name="Lane">Which.</param>
    /// <param name="Width">How many places it has.</param>
    /// <param name="Free">How many are free.</param>
    /// <param name="Weight">How many the task needs.</param>
    /// <param name="Own">The running tasks of the same group in it.</param>
    /// <param name="Others">How many tasks of other groups run in it; their names are not this group's business.</param>
    public sealed record LaneFull(
        LaneName Lane,
        int Width,
        int Free,
        int Weight,
        ImmutableArray<TaskId> Own,
        int Others
    ) : Obstacle;

    /// <summary>Tasks of its group are before it in the lane.</summary>
    /// <param name="Tasks">How many.</param>
    public sealed record Behind(int Tasks) : Obstacle;

    /// <summary>The lane is paused.</summary>
    /// <param name="Lane">Which.</param>
    public sealed record LanePaused(LaneName Lane) : Obstacle;

    /// <summary>The group is paused.</summary>
    public sealed record GroupPaused : Obstacle;

    /// <summary>The daemon starts nothing more.</summary>
    public sealed record Draining : Obstacle;

    /// <summary>The group runs as many tasks as it may.</summary>
    /// <param name="Limit">How many.</param>
    public sealed record GroupAtLimit(int Limit) : Obstacle;

    /// <summary>The routine runs as often as it may.</summary>
    /// <param name="Cap">Its name.</param>
    /// <param name="Limit">How often.</param>
    public sealed record CapReached(string Cap, int Limit) : Obstacle;
}
