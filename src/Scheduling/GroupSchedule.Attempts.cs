using System.Diagnostics;

namespace AptTask.Scheduling;

/// <content>How attempts end, are stopped and are tried again.</content>
internal sealed partial class GroupSchedule
{
    /// <summary>A plugin that kills the daemon must not kill it for ever.</summary>
    private const int LostAttemptsLimit = 3;

    /// <summary>The running attempt of a task ended.</summary>
    public void End(TaskNode task, TaskState.Running running, AttemptOutcome outcome, double jitter)
    {
        var (attempt, stopping) = (running.Attempt, running.Stopping);
        switch (outcome)
        {
            case AttemptOutcome.Succeeded:
                // What succeeded is done, also when a stop was on its way.
                Move(task, SharedStates.Done(attempt));
                break;
            case AttemptOutcome.Failed { Reason: FailureReason.Lost } when stopping is null or StopReason.Timeout:
                Lose(task, attempt, jitter);
                break;
            case AttemptOutcome.Failed { Reason: FailureReason.Revoked } when stopping is null or StopReason.Timeout:
                Move(task, new TaskState.Failed(attempt, FailureReason.Revoked));
                break;
            case var _ when stopping is StopReason.Timeout:
                Fail(
                    task,
                    attempt,
                    FailureReason.Timeout,
                    outcome is not AttemptOutcome.Failed { Retryable: false },
                    jitter
                );
                break;
            case var _ when stopping is { } reason:
                Move(task, new TaskState.Stopped(attempt, reason));
                break;
            case AttemptOutcome.Failed failed:
                Fail(task, attempt, failed.Reason, failed.Retryable, jitter);
                break;
            case AttemptOutcome.Stopped:
                // Nobody asked for it: the routine gave up of its own accord, as one that throws.
                Fail(task, attempt, FailureReason.Exception, retryable: true, jitter);
                break;
            default:
                throw new UnreachableException($"No rule for the outcome {outcome}.");
        }
    }

    /// <summary>Stops a task, whatever it is at. Twice, or too late, changes nothing.</summary>
    public void Stop(TaskNode task, StopReason reason, bool force)
    {
        switch (task.State)
        {
            case TaskState.Waiting:
                Move(task, new TaskState.Stopped(0, reason));
                break;
            case TaskState.Ready ready:
                Move(task, new TaskState.Stopped(ready.NextAttempt - 1, reason));
                break;
            case TaskState.BackingOff backingOff:
                Move(task, new TaskState.Stopped(backingOff.NextAttempt - 1, reason));
                break;
            case TaskState.Running running:
                StopAttempt(task, running, reason, force);
                break;
        }
    }

    /// <summary>Does what is due for a task.</summary>
    public void Wake(TaskNode task, DueKind kind)
    {
        switch (kind, task.State)
        {
            case (DueKind.Deadline, TaskState.Running running):
                StopAttempt(task, running, StopReason.Deadline, force: false);
                break;
            case (DueKind.Deadline, _):
                Move(task, new TaskState.Skipped(SkipReason.Deadline, ""));
                break;
            case (DueKind.NotBefore, TaskState.Waiting { OpenDependencies: 0 }):
                Move(task, SharedStates.Ready(1));
                break;
            case (DueKind.NotBefore, TaskState.Waiting):
                // Due, but something is open: the last dependency will move it.
                break;
            case (DueKind.Retry, TaskState.BackingOff backingOff):
                Move(task, SharedStates.Ready(backingOff.NextAttempt));
                break;
            case (DueKind.Timeout, TaskState.Running running):
                StopAttempt(task, running, StopReason.Timeout, force: false);
                break;
            default:
                throw new UnreachableException($"{task} is {task.State}, for which {kind} cannot be due.");
        }
    }

    private void StopAttempt(TaskNode task, TaskState.Running running, StopReason reason, bool force)
    {
        // The first reason stays, but for a time-out: that would end as a failure, perhaps with another attempt, and whoever asks
        // to stop wants the end of it.
        var overrides =
            running.Stopping is null || (running.Stopping is StopReason.Timeout && reason != StopReason.Timeout);
        if (overrides)
        {
            var stopping = running with { Stopping = reason };
            Restate(task, stopping);
            _turn.Effects.Add(new Effect.Moved(task.Spec.Id, stopping));
        }

        if (running.Stopping is not null && (!force || task.Forced))
            return;
        task.Forced = force;
        _turn.Effects.Add(new Effect.StopAttempt(task.Spec.Id, running.Token, force));
    }

    private void Lose(TaskNode task, int attempt, double jitter)
    {
        task.LostAttempts++;
        if (task.Spec.Idempotent && task.LostAttempts <= LostAttemptsLimit)
            Move(task, SharedStates.Ready(attempt + 1));
        else
            Fail(task, attempt, FailureReason.Lost, retryable: true, jitter);
    }

    private void Fail(TaskNode task, int attempt, FailureReason reason, bool retryable, double jitter)
    {
        if (retryable && attempt < task.Spec.Retry.Attempts)
            Move(
                task,
                new TaskState.BackingOff(attempt + 1, After(_turn.Now, task.Spec.Retry.DelayAfter(attempt, jitter)))
            );
        else
            Move(task, new TaskState.Failed(attempt, reason));
    }
}
