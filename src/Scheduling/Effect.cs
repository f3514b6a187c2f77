namespace AptTask.Scheduling;

/// <summary>What the world has to do, or has to write down, because of an input.</summary>
public abstract record Effect
{
    private Effect() { }

    /// <summary>The submission is refused whole; nothing changed.</summary>
    /// <param name="Refusal">Why.</param>
    public sealed record Refuse(Refusal Refusal) : Effect;

    /// <summary>A submitted task was taken, or is the same as one that is here already. One for each, in their order.</summary>
    /// <param name="Submitted">The id in the submission.</param>
    /// <param name="Task">The task that answers for it: the same, or the first one.</param>
    public sealed record Accept(TaskId Submitted, TaskId Task) : Effect
    {
        /// <summary>The submission asked for what was asked before; nothing was added.</summary>
        public bool Deduplicated => Submitted != Task;
    }

    /// <summary>A task is in a new state. That a waiting task has one open dependency less is no new state.</summary>
    /// <param name="Task">Which.</param>
    /// <param name="State">Where it stands now.</param>
    public sealed record Moved(TaskId Task, TaskState State) : Effect;

    /// <summary>An attempt has been given its places and is to be started.</summary>
    /// <param name="Task">Of which task.</param>
    /// <param name="Attempt">Its number, from 1.</param>
    /// <param name="Token">Its name.</param>
    public sealed record StartAttempt(TaskId Task, int Attempt, AttemptToken Token) : Effect;

    /// <summary>A running attempt is to be stopped; its end is still to come.</summary>
    /// <param name="Task">Of which task.</param>
    /// <param name="Token">Which attempt.</param>
    /// <param name="Force">At once, without grace.</param>
    public sealed record StopAttempt(TaskId Task, AttemptToken Token, bool Force) : Effect;

    /// <summary>An end came in for an attempt that is not the running one.</summary>
    /// <param name="Task">Of which task.</param>
    /// <param name="Token">The token that came.</param>
    public sealed record RejectStaleEnd(TaskId Task, AttemptToken Token) : Effect;

    /// <summary>A released task is gone, with all that was kept of it.</summary>
    /// <param name="Task">Which.</param>
    public sealed record Remove(TaskId Task) : Effect;

    /// <summary>A job's outcome or alias is to be remembered.</summary>
    /// <param name="Job">What.</param>
    public sealed record Remember(JobRecord Job) : Effect;

    /// <summary>A job id is free of all memory.</summary>
    /// <param name="Group">Whose.</param>
    /// <param name="Job">Which.</param>
    public sealed record Forget(GroupName Group, JobId Job) : Effect;

    /// <summary>A <see cref="Input.Tick"/> is wanted then; replaces every earlier wish. Null when none is.</summary>
    /// <param name="Time">When.</param>
    public sealed record WakeAt(DateTimeOffset? Time) : Effect;
}
