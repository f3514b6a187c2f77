using AptTask.Host.Engine;
using AptTask.Host.Execution.Workers.Frames;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Workers;

/// <summary>One attempt that was handed to a worker. Ends exactly once, whoever ends it.</summary>
internal sealed class WorkerCall(long number, AttemptContext attempt)
{
    // Whoever waits goes on at once, on the thread that reads from the worker: it has nothing to read until the next attempt.
    private readonly TaskCompletionSource<AttemptEnd> _end = new();

    /// <summary>Its number on the link.</summary>
    public long Number => number;

    /// <summary>How it ended.</summary>
    public Task<AttemptEnd> End => _end.Task;

    /// <summary>The attempt.</summary>
    public AttemptContext Attempt => attempt;

    /// <summary>Passes on what the worker says of it.</summary>
    /// <returns>False when the frame leaves out what it has to say: a worker is not trusted with that either.</returns>
    public bool Take(Frame.About frame)
    {
        switch (frame)
        {
            case Frame.Report report:
                attempt.Report(report.Progress, report.Message);
                return true;
            case Frame.Log { Text: { } text } log:
                attempt.Log(log.Stream, System.Text.Encoding.UTF8.GetBytes(text));
                return true;
            case Frame.Post { Name.Length: > 0, Data.IsEmpty: false } post:
                attempt.Post(post.Name, System.Text.Json.JsonElement.Parse(post.Data.Utf8.Span));
                return true;
            case Frame.End end:
                _end.TrySetResult(AttemptFrames.EndOf(end));
                return true;
            default:
                return false;
        }
    }

    /// <summary>The link to the worker is gone: whatever was asked, nobody knows what became of it.</summary>
    public void Lose(string message) =>
        _end.TrySetResult(new AttemptEnd(new AttemptOutcome.Failed(FailureReason.Lost)) { Message = message });

    /// <summary>The worker is gone. Whoever was told to stop has stopped; else the worker died under it.</summary>
    public void Die(FailureReason reason, string message) =>
        _end.TrySetResult(
            attempt.Stop.IsCancellationRequested || attempt.Force.IsCancellationRequested
                ? new AttemptEnd(AttemptOutcome.Stopped.Instance)
                : new AttemptEnd(new AttemptOutcome.Failed(reason)) { Message = message }
        );
}
