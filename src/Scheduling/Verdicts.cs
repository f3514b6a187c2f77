using System.Diagnostics;

namespace AptTask.Scheduling;

/// <summary>Which outcome satisfies which condition.</summary>
internal static class Verdicts
{
    public static Verdict Of(DependencyCondition condition, TaskOutcome outcome) =>
        condition switch
        {
            DependencyCondition.Done => outcome == TaskOutcome.Done ? Verdict.Met : Verdict.Impossible,
            // Only a failure is one: a task that was skipped or stopped did not show that the work cannot be done.
            DependencyCondition.Failed => outcome == TaskOutcome.Failed ? Verdict.Met : Verdict.Impossible,
            DependencyCondition.Finished => Verdict.Met,
            _ => throw new UnreachableException($"No rule for the condition {condition}."),
        };

    /// <summary>The outcome of a final state.</summary>
    public static TaskOutcome OutcomeOf(TaskState state) =>
        state switch
        {
            TaskState.Done => TaskOutcome.Done,
            TaskState.Failed => TaskOutcome.Failed,
            TaskState.Skipped => TaskOutcome.Skipped,
            TaskState.Stopped => TaskOutcome.Stopped,
            _ => throw new UnreachableException($"{state} is not final."),
        };
}
