using System.Diagnostics;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>The names of states and reasons in answers, events and the store. Clients compare them, so they never change.</summary>
internal static class StateNames
{
    /// <summary>All names of states.</summary>
    public static IReadOnlyList<string> All { get; } =
    ["waiting", "ready", "running", "backing_off", "done", "failed", "skipped", "stopped"];

    /// <summary>The name of a state.</summary>
    public static string Of(TaskState state) =>
        state switch
        {
            TaskState.Waiting => "waiting",
            TaskState.Ready => "ready",
            TaskState.Running => "running",
            TaskState.BackingOff => "backing_off",
            TaskState.Done => "done",
            TaskState.Failed => "failed",
            TaskState.Skipped => "skipped",
            TaskState.Stopped => "stopped",
            _ => throw new UnreachableException($"No name for {state.GetType().Name}."),
        };

    /// <summary>The reason that goes with a final state; null where there is none.</summary>
    public static string? ReasonOf(TaskState state) =>
        state switch
        {
            TaskState.Failed failed => Of(failed.Reason),
            TaskState.Skipped { Reason: SkipReason.Dependency } => "dependency",
            TaskState.Skipped { Reason: SkipReason.Deadline } => "deadline",
            TaskState.Stopped stopped => Of(stopped.Reason),
            _ => null,
        };

    /// <summary>The name of a failure's reason.</summary>
    public static string Of(FailureReason reason) =>
        reason switch
        {
            FailureReason.ExitCode => "exit_code",
            FailureReason.Exception => "exception",
            FailureReason.Timeout => "timeout",
            FailureReason.CpuLimit => "cpu_limit",
            FailureReason.Memory => "memory",
            FailureReason.OutputLimit => "output_limit",
            FailureReason.ResultTooLarge => "result_too_large",
            FailureReason.BadOutput => "bad_output",
            FailureReason.SandboxFailed => "sandbox_failed",
            FailureReason.WorkerDied => "worker_died",
            FailureReason.Lost => "lost",
            FailureReason.Revoked => "revoked",
            _ => throw new UnreachableException($"No name for {reason}."),
        };

    /// <summary>The name of a stop's reason.</summary>
    public static string Of(StopReason reason) =>
        reason switch
        {
            StopReason.Stop => "stop",
            StopReason.Kill => "kill",
            StopReason.Deadline => "deadline",
            StopReason.Timeout => "timeout",
            _ => throw new UnreachableException($"No name for {reason}."),
        };

    /// <summary>The number of the newest attempt, 0 before the first.</summary>
    public static int AttemptOf(TaskState state) =>
        state switch
        {
            TaskState.Ready ready => ready.NextAttempt - 1,
            TaskState.Running running => running.Attempt,
            TaskState.BackingOff backingOff => backingOff.NextAttempt - 1,
            TaskState.Done done => done.Attempt,
            TaskState.Failed failed => failed.Attempt,
            TaskState.Stopped stopped => stopped.Attempt,
            _ => 0,
        };
}
