using System.Collections.Immutable;

namespace AptTask.Scheduling;

/// <summary>
/// Decides what runs when. Takes one input at a time and answers with effects; does no I/O, reads no clock, starts no
/// thread, draws no number: the same inputs in the same order always give the same effects.
/// </summary>
/// <remarks>Not thread-safe: one caller owns it. In the daemon that is the loop of the engine.</remarks>
public sealed class Scheduler
{
    /// <summary>Makes a scheduler without tasks.</summary>
    /// <param name="options">Lanes, caps and limits to begin with.</param>
    /// <param name="lastToken">Every token it gives is greater.</param>
    public Scheduler(SchedulerOptions options, AttemptToken lastToken)
    {
        _ = options;
        _ = lastToken;
    }

    /// <summary>Takes one input and returns, in order, what the world has to do about it.</summary>
    /// <param name="input">The wish or fact.</param>
    /// <param name="now">The one time of this input; never earlier than the last.</param>
    /// <returns>The effects, valid until the next call.</returns>
    public IReadOnlyList<Effect> Apply(Input input, DateTimeOffset now) => throw new NotSupportedException();

    /// <summary>Where a task stands; null if it is not here (any more).</summary>
    public TaskState? StateOf(TaskId task) => throw new NotSupportedException();

    /// <summary>What was accepted; null if it is not here (any more).</summary>
    public TaskSpec? SpecOf(TaskId task) => throw new NotSupportedException();

    /// <summary>The newest task of a job id, live or kept, also by alias; null if there is none.</summary>
    public TaskId? TaskOf(GroupName group, JobId job) => throw new NotSupportedException();

    /// <summary>How many attempts of the task were lost.</summary>
    public int LostAttemptsOf(TaskId task) => throw new NotSupportedException();

    /// <summary>Whether an unfinished task still waits for this one: its data must stay.</summary>
    public bool IsNeeded(TaskId task) => throw new NotSupportedException();

    /// <summary>Why a task is not running: every obstacle, the first one to be removed first. Empty when it runs or is final.</summary>
    public ImmutableArray<Obstacle> Explain(TaskId task, DateTimeOffset now) => throw new NotSupportedException();

    /// <summary>
    /// The tasks of a group that are not final: running ones, then ready ones in the order in which they would start as things
    /// stand, then backing off, then waiting.
    /// </summary>
    /// <param name="group">Whose.</param>
    /// <param name="limit">How many at the most.</param>
    public ImmutableArray<TaskId> Active(GroupName group, int limit) => throw new NotSupportedException();

    /// <summary>Every lane, by name.</summary>
    public ImmutableArray<LaneView> Lanes() => throw new NotSupportedException();

    /// <summary>Every group that has tasks, by name.</summary>
    public ImmutableArray<GroupView> Groups() => throw new NotSupportedException();

    /// <summary>Recomputes every index from the states and throws at the first difference. For tests.</summary>
    /// <exception cref="InvalidOperationException">An index lies.</exception>
    public void CheckInvariants() => throw new NotSupportedException();
}
