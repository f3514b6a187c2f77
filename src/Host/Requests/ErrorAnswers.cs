using System.Diagnostics;
using AptTask.Host.Engine;
using AptTask.Protocol;
using AptTask.Scheduling;

namespace AptTask.Host.Requests;

/// <summary>Turns what went wrong inside into what clients are told. The one place that knows both.</summary>
internal static class ErrorAnswers
{
    /// <summary>The error for an exception that may be told; null for a bug.</summary>
    public static WireError? Of(Exception exception) =>
        exception switch
        {
            RequestException request => request.Error,
            LetterException { Fault: LetterFault.NotFound } => new WireError(
                ErrorCodes.NotFound,
                "There is no such task. It may have been acknowledged, or belong to another group."
            ),
            LetterException { Fault: LetterFault.NotFinished } => new WireError(
                ErrorCodes.NotFinished,
                "The task is not finished. `wait` answers when it is, `explain` says what it waits for."
            ),
            LetterException { Fault: LetterFault.UnknownLane } => new WireError(
                ErrorCodes.BadLane,
                "There is no such lane; `lanes` lists them."
            ),
            EngineStoppedException => new WireError(
                ErrorCodes.ShuttingDown,
                "The daemon is shutting down; ask again when it is back."
            ),
            _ => null,
        };

    /// <summary>The error for a refused submission.</summary>
    public static WireError Of(Refusal refusal) =>
        refusal switch
        {
            Refusal.Cycle cycle => new WireError(
                ErrorCodes.Cycle,
                $"These jobs would wait for one another for ever: {string.Join(" → ", cycle.Jobs)}. Nothing was submitted."
            ).With("cycle", [.. cycle.Jobs.Select(job => job.Value)]),
            Refusal.UnknownJob unknown => new WireError(
                ErrorCodes.UnknownJob,
                $"No job {unknown.Job} is known and `strict` was asked for. Submit it first or with this request."
            ).With("jobid", unknown.Job.Value),
            Refusal.JobTaken taken => new WireError(
                ErrorCodes.JobIdTaken,
                $"The job id {taken.Job} belongs to task {taken.Task} with other content. Acknowledge that one first, or use another id."
            )
                .With("jobid", taken.Job.Value)
                .With("taskid", taken.Task.Value),
            Refusal.UnknownLane lane => new WireError(
                ErrorCodes.BadLane,
                $"There is no lane {lane.Lane} for this group."
            ).With("lane", lane.Lane.Value),
            Refusal.TooHeavy heavy => new WireError(
                ErrorCodes.BadLane,
                $"The lane {heavy.Lane} has {heavy.Width} places; a task of weight {heavy.Weight} could never start."
            )
                .With("lane", heavy.Lane.Value)
                .With("width", heavy.Width),
            Refusal.QueueFull full => new WireError(
                ErrorCodes.QueueFull,
                $"The group has {full.Limit} pending tasks, which is its limit. Wait for some to end, or send \"on_full\": \"wait\"."
            ).With("limit", full.Limit),
            Refusal.QuotaReached quota => new WireError(
                ErrorCodes.ResultQuota,
                $"The group has {quota.Limit} live tasks and kept results, which is its limit. Fetch and acknowledge results first."
            ).With("limit", quota.Limit),
            _ => throw new UnreachableException($"No answer for {refusal.GetType().Name}."),
        };
}
