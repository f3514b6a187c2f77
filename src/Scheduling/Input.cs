using System.Collections.Immutable;

namespace AptTask.Scheduling;

/// <summary>What the scheduler can be told. Wishes are imperatives, facts are in the past tense.</summary>
public abstract record Input
{
    private Input() { }

    /// <summary>Takes the tasks, all or none. All belong to one group.</summary>
    /// <param name="Tasks">Their ids are new; they may wait for one another in any order.</param>
    /// <param name="Strict">Refuse job ids that are neither known nor in this submission.</param>
    public sealed record Submit(ImmutableArray<TaskSpec> Tasks, bool Strict = false) : Input;

    /// <summary>An attempt ended.</summary>
    /// <param name="Task">Whose attempt.</param>
    /// <param name="Token">Which one. Any other than the running one is stale and changes nothing.</param>
    /// <param name="Outcome">How.</param>
    /// <param name="Jitter">A draw from 0 to 1 for the delay of a retry: randomness comes in from outside.</param>
    public sealed record AttemptEnded(TaskId Task, AttemptToken Token, AttemptOutcome Outcome, double Jitter = 0)
        : Input;

    /// <summary>Stops a task. Twice, or too late, is no error: the asker could not know.</summary>
    /// <param name="Task">Which.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Force">Without grace.</param>
    public sealed record Stop(TaskId Task, StopReason Reason = StopReason.Stop, bool Force = false) : Input;

    /// <summary>The result of a finished task is no longer kept: the task goes, its job's outcome is remembered.</summary>
    /// <param name="Task">Which; must be final.</param>
    public sealed record Release(TaskId Task) : Input;

    /// <summary>Time has passed: what is due becomes ready, what is late is ended.</summary>
    public sealed record Tick : Input;

    /// <summary>New lanes, caps and limits take the place of the old ones.</summary>
    /// <param name="Options">All of them. A lane with tasks that is missing here stays, with no places, until it is empty.</param>
    public sealed record Configure(SchedulerOptions Options) : Input;

    /// <summary>Starts nothing more in a lane, or goes on.</summary>
    /// <param name="Lane">Which.</param>
    /// <param name="Paused">True to pause.</param>
    public sealed record PauseLane(LaneName Lane, bool Paused) : Input;

    /// <summary>Starts nothing more of a group, or goes on.</summary>
    /// <param name="Group">Which.</param>
    /// <param name="Paused">True to pause.</param>
    public sealed record PauseGroup(GroupName Group, bool Paused) : Input;

    /// <summary>Starts nothing more anywhere, or goes on. Running attempts run on.</summary>
    /// <param name="Draining">True to drain.</param>
    public sealed record Drain(bool Draining) : Input;

    /// <summary>
    /// The first input of a new life: what the store remembers. A task that is restored as running holds its place until an
    /// <see cref="AttemptEnded"/> with <see cref="FailureReason.Lost"/> says that its attempt is gone.
    /// </summary>
    /// <param name="Tasks">Live tasks and those whose results are kept, in the order of their ids.</param>
    /// <param name="Jobs">How job ids ended whose tasks are gone, and aliases.</param>
    public sealed record Restore(ImmutableArray<RestoredTask> Tasks, ImmutableArray<JobRecord> Jobs) : Input;
}
