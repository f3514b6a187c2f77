using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Workers.Frames;

/// <summary>Attempts and their ends, as frames and back.</summary>
internal static class AttemptFrames
{
    /// <summary>The frame that starts an attempt.</summary>
    public static Frame.Run Run(long call, CodeName code, AttemptContext attempt, int maxResult, int maxPosted) =>
        new(call, code)
        {
            Arguments = new RawJson(attempt.Arguments),
            Task = attempt.Task.Value,
            Token = attempt.Token.Value,
            Attempt = attempt.Number,
            Group = attempt.Group.Value,
            Job = attempt.Job?.Value,
            MaxResult = maxResult,
            MaxPosted = maxPosted,
            Dependencies =
                attempt.Dependencies.Count == 0
                    ? null
                    : attempt.Dependencies.ToDictionary(
                        pair => pair.Key,
                        pair => new Frame.Ended(pair.Value.Task.Value, pair.Value.Outcome, RawJson.Of(pair.Value.Data))
                        {
                            Posted = pair.Value.Posted.ToDictionary(
                                posted => posted.Key,
                                posted => RawJson.Of(posted.Value)
                            ),
                        }
                    ),
        };

    /// <summary>The dependencies of an attempt, from its frame.</summary>
    public static Dictionary<string, DependencyResult> DependenciesOf(Frame.Run run) =>
        run.Dependencies?.ToDictionary(
            pair => pair.Key,
            pair => new DependencyResult(
                new TaskId(pair.Value.Task),
                pair.Value.Outcome,
                pair.Value.Data.Utf8,
                [.. (pair.Value.Posted ?? []).Select(posted => (posted.Key, posted.Value.Utf8.ToArray()))]
            )
        )
        ?? [];

    /// <summary>The frame of an end.</summary>
    public static Frame.End End(long call, AttemptEnd end) =>
        new(call)
        {
            Reason = (end.Outcome as AttemptOutcome.Failed)?.Reason,
            Final = end.Outcome is AttemptOutcome.Failed { Retryable: false },
            Stopped = end.Outcome is AttemptOutcome.Stopped,
            Data = new RawJson(end.Data),
            ExitCode = end.ExitCode,
            Message = end.Message,
            CpuSeconds = end.Usage?.CpuSeconds,
            Memory = end.Usage?.PeakMemoryBytes,
            OutputBytes = end.Usage?.OutputBytes,
        };

    /// <summary>The end that a frame tells.</summary>
    public static AttemptEnd EndOf(Frame.End frame) =>
        new(
            frame.Reason is { } reason ? new AttemptOutcome.Failed(reason, !frame.Final)
            : frame.Stopped ? AttemptOutcome.Stopped.Instance
            : AttemptOutcome.Succeeded.Instance
        )
        {
            Data = frame.Data.Utf8,
            ExitCode = frame.ExitCode,
            Message = frame.Message,
            Usage =
                frame.CpuSeconds is null && frame.Memory is null && frame.OutputBytes is null
                    ? null
                    : new AttemptUsage(frame.CpuSeconds, frame.Memory, frame.OutputBytes),
        };
}
