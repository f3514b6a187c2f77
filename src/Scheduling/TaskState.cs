namespace AptTask.Scheduling;

/// <summary>Where a task stands. Each state carries what has a meaning in it and nothing else.</summary>
public abstract record TaskState
{
    private TaskState() { }

    /// <summary>Nothing more happens to the task.</summary>
    public bool IsFinal => this is Done or Failed or Skipped or Stopped;

    /// <summary>Some dependencies are open, or it is not due yet.</summary>
    /// <param name="OpenDependencies">How many of them are open; 0 when only the time is awaited.</param>
    public sealed record Waiting(int OpenDependencies) : TaskState;

    /// <summary>Waits for a place in its lane.</summary>
    /// <param name="NextAttempt">The number that its next attempt will have, from 1.</param>
    public sealed record Ready(int NextAttempt) : TaskState;

    /// <summary>An attempt is under way and holds places of the lane.</summary>
    /// <param name="Attempt">Its number, from 1.</param>
    /// <param name="Token">Its name.</param>
    /// <param name="Stopping">Why it is being stopped, or null.</param>
    public sealed record Running(int Attempt, AttemptToken Token, StopReason? Stopping) : TaskState;

    /// <summary>The last attempt failed and another one is due later. Holds no place.</summary>
    /// <param name="NextAttempt">The number of the attempt to come.</param>
    /// <param name="Due">When it may start.</param>
    public sealed record BackingOff(int NextAttempt, DateTimeOffset Due) : TaskState;

    /// <summary>Final: an attempt succeeded.</summary>
    /// <param name="Attempt">The number of the attempt that succeeded.</param>
    public sealed record Done(int Attempt) : TaskState;

    /// <summary>Final: the last attempt failed.</summary>
    /// <param name="Attempt">The number of the last attempt.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Failed(int Attempt, FailureReason Reason) : TaskState;

    /// <summary>Final: never ran to an end, and never will.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Chain">The jobs that led to it, the nearest first; empty for a deadline.</param>
    public sealed record Skipped(SkipReason Reason, string Chain) : TaskState;

    /// <summary>Final: stopped before its end.</summary>
    /// <param name="Attempt">The number of the attempt that was stopped, 0 if it had not started.</param>
    /// <param name="Reason">By whom or what.</param>
    public sealed record Stopped(int Attempt, StopReason Reason) : TaskState;
}
