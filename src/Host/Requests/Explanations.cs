using System.Collections.Immutable;
using System.Diagnostics;
using AptTask.Host.Engine;
using AptTask.Protocol;
using AptTask.Scheduling;

namespace AptTask.Host.Requests;

/// <summary>Says in sentences and in fields why a task is not running.</summary>
internal static class Explanations
{
    /// <summary>The reasons, the first one to be removed first. Never empty.</summary>
    public static IReadOnlyList<ExplainReason> Of(TaskSnapshot task, ImmutableArray<Obstacle> obstacles)
    {
        if (task.State is TaskState.Running running)
        {
            return
            [
                new ExplainReason
                {
                    Why = ExplainCodes.Running,
                    Message = running.Stopping is null
                        ? $"It is running, attempt {running.Attempt}."
                        : $"It is running and being stopped ({StateNames.Of(running.Stopping.Value)}).",
                },
            ];
        }

        if (task.State.IsFinal)
        {
            return
            [
                new ExplainReason
                {
                    Why = ExplainCodes.Final,
                    Message = task.State is TaskState.Skipped { Chain: { Length: > 0 } jobs }
                        ? $"It was skipped because of what it waited for: {jobs}."
                        : $"It has ended as {StateNames.Of(task.State)}. {task.Message}".TrimEnd(),
                    Reason = StateNames.ReasonOf(task.State),
                    Chain = task.State is TaskState.Skipped { Chain.Length: > 0 } skipped ? skipped.Chain : null,
                },
            ];
        }

        return obstacles.IsEmpty
            ? [new ExplainReason { Why = ExplainCodes.Behind, Message = "It is next: the very next place is its own." }]
            : [.. obstacles.Select(Of)];
    }

    private static ExplainReason Of(Obstacle obstacle) =>
        obstacle switch
        {
            Obstacle.OpenDependency { Task: null } never => new ExplainReason
            {
                Why = ExplainCodes.NeverSubmitted,
                Message = $"It waits for the job {never.Job}, which nobody has submitted.",
                JobId = never.Job.Value,
                When = Views.WhenOf(never.When),
            },
            Obstacle.OpenDependency open => new ExplainReason
            {
                Why = ExplainCodes.Dependency,
                Message =
                    $"It waits for the job {open.Job} to be {NameOf(open.When)}; that one is {(open.State is null ? "gone" : StateNames.Of(open.State))}.",
                JobId = open.Job.Value,
                TaskId = open.Task?.Value,
                When = Views.WhenOf(open.When),
                State = open.State is null ? null : StateNames.Of(open.State),
            },
            Obstacle.NotDue notDue => new ExplainReason
            {
                Why = ExplainCodes.NotDue,
                Message = $"It is not to start before {notDue.NotBefore:O}.",
                Due = notDue.NotBefore,
            },
            Obstacle.BackingOff backingOff => new ExplainReason
            {
                Why = ExplainCodes.BackingOff,
                Message = $"Its last attempt failed; attempt {backingOff.NextAttempt} is due at {backingOff.Due:O}.",
                Due = backingOff.Due,
                NextAttempt = backingOff.NextAttempt,
            },
            Obstacle.LaneFull full => new ExplainReason
            {
                Why = ExplainCodes.LaneFull,
                Message =
                    $"It needs {full.Weight} of the {full.Width} places of the lane {full.Lane}; {full.Free} are free.",
                Lane = full.Lane.Value,
                Width = full.Width,
                Free = full.Free,
                Weight = full.Weight,
                Running = [.. full.Own.Select(own => own.Value)],
                Others = full.Others,
            },
            Obstacle.Behind behind => new ExplainReason
            {
                Why = ExplainCodes.Behind,
                Message = $"{behind.Tasks} tasks of its group are before it in the lane.",
                Behind = behind.Tasks,
            },
            Obstacle.LanePaused paused => new ExplainReason
            {
                Why = ExplainCodes.LanePaused,
                Message = $"The lane {paused.Lane} is paused.",
                Lane = paused.Lane.Value,
            },
            Obstacle.GroupPaused => new ExplainReason
            {
                Why = ExplainCodes.GroupPaused,
                Message = "The group is paused.",
            },
            Obstacle.Draining => new ExplainReason
            {
                Why = ExplainCodes.Draining,
                Message = "The daemon drains: it starts nothing more.",
            },
            Obstacle.GroupAtLimit limit => new ExplainReason
            {
                Why = ExplainCodes.GroupLimit,
                Message = $"The group runs {limit.Limit} tasks, which is its limit.",
                Limit = limit.Limit,
            },
            Obstacle.CapReached { Limit: 0 } cap => new ExplainReason
            {
                Why = ExplainCodes.NoWorker,
                Message = $"No worker offers {cap.Cap} at the moment.",
                Routine = cap.Cap,
            },
            Obstacle.CapReached cap => new ExplainReason
            {
                Why = ExplainCodes.RoutineLimit,
                Message = $"{cap.Cap} runs {cap.Limit} times at once, which is its limit.",
                Routine = cap.Cap,
                Limit = cap.Limit,
            },
            _ => throw new UnreachableException($"No explanation for {obstacle.GetType().Name}."),
        };

    private static string NameOf(DependencyCondition condition) => condition.ToString().ToLowerInvariant();
}
