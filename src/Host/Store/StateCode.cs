using System.Diagnostics;
using AptTask.Scheduling;

namespace AptTask.Host.Store;

/// <summary>A task's state as columns of its row. The numbers are in databases, so they never change.</summary>
/// <param name="State">Which state.</param>
/// <param name="Reason">Why, where the state has a reason; 0 for none.</param>
/// <param name="Attempt">The attempt that the state speaks of.</param>
/// <param name="Token">The token of a running attempt.</param>
/// <param name="Due">When a task that backs off is due.</param>
/// <param name="Chain">Why it was skipped.</param>
internal readonly record struct StateCode(
    int State,
    int Reason,
    int Attempt,
    long Token,
    DateTimeOffset? Due,
    string? Chain
)
{
    /// <summary>The columns of a state.</summary>
    public static StateCode Of(TaskState state) =>
        state switch
        {
            TaskState.Waiting => new(0, 0, 0, 0, null, null),
            TaskState.Ready ready => new(1, 0, ready.NextAttempt, 0, null, null),
            TaskState.Running running => new(
                2,
                running.Stopping is { } stopping ? (int)stopping + 1 : 0,
                running.Attempt,
                running.Token.Value,
                null,
                null
            ),
            TaskState.BackingOff backingOff => new(3, 0, backingOff.NextAttempt, 0, backingOff.Due, null),
            TaskState.Done done => new(4, 0, done.Attempt, 0, null, null),
            TaskState.Failed failed => new(5, (int)failed.Reason + 1, failed.Attempt, 0, null, null),
            TaskState.Skipped skipped => new(6, (int)skipped.Reason + 1, 0, 0, null, skipped.Chain),
            TaskState.Stopped stopped => new(7, (int)stopped.Reason + 1, stopped.Attempt, 0, null, null),
            _ => throw new UnreachableException($"No code for {state.GetType().Name}."),
        };

    /// <summary>The state of the columns.</summary>
    public TaskState ToState() =>
        State switch
        {
            // How many dependencies are open follows from the jobs; the scheduler counts them when it takes the task in.
            0 => new TaskState.Waiting(0),
            1 => new TaskState.Ready(Attempt),
            2 => new TaskState.Running(Attempt, new AttemptToken(Token), Reason == 0 ? null : (StopReason)(Reason - 1)),
            3 => new TaskState.BackingOff(Attempt, Due ?? default),
            4 => new TaskState.Done(Attempt),
            5 => new TaskState.Failed(Attempt, (FailureReason)(Reason - 1)),
            6 => new TaskState.Skipped((SkipReason)(Reason - 1), Chain ?? ""),
            7 => new TaskState.Stopped(Attempt, (StopReason)(Reason - 1)),
            _ => throw new InvalidDataException($"The database holds a task in the unknown state {State}."),
        };
}
