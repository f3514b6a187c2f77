using System.Collections.Immutable;

namespace AptTask.Scheduling;

/// <summary>Why a submission cannot be taken.</summary>
public abstract record Refusal
{
    private Refusal() { }

    /// <summary>The jobs would wait for one another for ever.</summary>
    /// <param name="Jobs">The cycle, each waiting for the next, the first one repeated at the end.</param>
    public sealed record Cycle(ImmutableArray<JobId> Jobs) : Refusal;

    /// <summary>With strict: a job that nobody has submitted.</summary>
    /// <param name="Job">Which.</param>
    public sealed record UnknownJob(JobId Job) : Refusal;

    /// <summary>The job id belongs to a live task or a kept result with other content, or stands twice in the submission.</summary>
    /// <param name="Job">Which.</param>
    /// <param name="Task">Whose it is.</param>
    public sealed record JobTaken(JobId Job, TaskId Task) : Refusal;

    /// <summary>There is no such lane, or the group may not use it.</summary>
    /// <param name="Lane">Which.</param>
    public sealed record UnknownLane(LaneName Lane) : Refusal;

    /// <summary>The weight is above the width of the lane: it could never start.</summary>
    /// <param name="Lane">Which.</param>
    /// <param name="Weight">What was asked.</param>
    /// <param name="Width">What there is.</param>
    public sealed record TooHeavy(LaneName Lane, int Weight, int Width) : Refusal;

    /// <summary>The group has as many pending tasks as it may have.</summary>
    /// <param name="Limit">How many.</param>
    public sealed record QueueFull(int Limit) : Refusal;

    /// <summary>The group has as many live tasks and kept results as it may have.</summary>
    /// <param name="Limit">How many.</param>
    public sealed record QuotaReached(int Limit) : Refusal;
}
