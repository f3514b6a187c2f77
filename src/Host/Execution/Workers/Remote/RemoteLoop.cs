using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Host.Execution.Workers.Frames;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Workers.Remote;

/// <summary>
/// The other end of a link, on the machine that offers places: runs what the daemon asks for, by its own whitelist and plugins. When
/// the daemon has not answered for the time of the lease, or the link is gone, it owns nothing more and ends all that it runs.
/// </summary>
internal sealed partial class RemoteLoop(
    IRoutineCatalogue catalogue,
    ImmutableDictionary<string, int> lanes,
    string scratchRoot,
    ILogger<RemoteLoop> log,
    TimeProvider time
)
{
    /// <summary>The daemon is trusted; this only keeps an error from taking all memory.</summary>
    private const int FrameLimit = 1024 * 1024 * 1024;

    /// <summary>Speaks over one link until it ends. Nothing that it started runs when this comes back.</summary>
    /// <returns>Why it ended, for people.</returns>
    public async Task<string> SpeakAsync(Stream stream, Frame.Hello hello, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var running = new ConcurrentDictionary<long, (WorkerAttempt Attempt, Task Run)>();
        var frames = new FrameWriter(stream);
        ITimer? beats = null;
        ITimer? lease = null;
        try
        {
            frames.Write(hello);
            var cutter = new FrameCutter(FrameLimit);
            while (true)
            {
                while (cutter.TryCut() is { } frame)
                {
                    switch (frame)
                    {
                        case Frame.Refuse refuse:
                            throw new WorkerFailedException($"the daemon refused: {refuse.Message}");
                        case Frame.Welcome welcome:
                            (beats, lease) = Begin(welcome, frames, running, ending);
                            break;
                        case Frame.Heartbeat:
                            lease?.Change(_lease, Timeout.InfiniteTimeSpan);
                            break;
                        case Frame.Run run:
                            Start(run, frames, running);
                            break;
                        case Frame.Abort abort:
                            if (running.TryGetValue(abort.Call, out var known))
                                known.Attempt.Cancel(abort.Force);
                            break;
                        default:
                            throw new JsonException($"a worker is not told {frame.GetType().Name}");
                    }
                }
                var count = await stream.ReadAsync(cutter.Room(), ending.Token);
                if (count == 0)
                    return "the daemon ended the link";
                cutter.Advance(count);
            }
        }
        catch (OperationCanceledException)
        {
            return stop.IsCancellationRequested ? "told to stop" : "the lease is over: the daemon did not answer";
        }
        catch (Exception broken) when (broken is IOException or JsonException)
        {
            return broken.Message;
        }
        finally
        {
            if (beats is not null)
                await beats.DisposeAsync();
            if (lease is not null)
                await lease.DisposeAsync();
            await EndAllAsync(running);
        }
    }

    private TimeSpan _lease;

    private (ITimer Beats, ITimer Lease) Begin(
        Frame.Welcome welcome,
        FrameWriter frames,
        ConcurrentDictionary<long, (WorkerAttempt Attempt, Task Run)> running,
        CancellationTokenSource ending
    )
    {
        frames.Write(
            new Frame.Offer(
                lanes,
                [
                    .. catalogue
                        .Routines.Select(routine => routine.Descriptor)
                        .Where(routine => routine.Unavailable is null && routine.Trouble is null),
                ]
            )
        );
        var heartbeat = TimeSpan.FromSeconds(welcome.HeartbeatSeconds);
        _lease = TimeSpan.FromSeconds(welcome.LeaseSeconds);
        var lease = time.CreateTimer(
            static ending => ((CancellationTokenSource)ending!).Cancel(),
            ending,
            _lease,
            Timeout.InfiniteTimeSpan
        );
        var beats = time.CreateTimer(_ => Beat(frames, running, ending), null, heartbeat, heartbeat);
        return (beats, lease);
    }

    private static void Beat(
        FrameWriter frames,
        ConcurrentDictionary<long, (WorkerAttempt Attempt, Task Run)> running,
        CancellationTokenSource ending
    )
    {
        try
        {
            frames.Write(new Frame.Heartbeat([.. running.Keys]));
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            ending.Cancel();
        }
    }

    private void Start(
        Frame.Run run,
        FrameWriter frames,
        ConcurrentDictionary<long, (WorkerAttempt Attempt, Task Run)> running
    )
    {
        // Whatever the daemon has bound: what may run here is said by the whitelist of this machine.
        var routine = catalogue.Find(run.Code.Name);
        var binding = routine?.Bind(JsonElement.Parse(run.Arguments.Utf8.Span), BindingMode.Strict);
        if (routine is null || binding is not Binding.Bound bound)
        {
            var why = (binding as Binding.Refused)?.Message ?? $"The worker has no routine {run.Code.Name} any more.";
            frames.Write(AttemptFrames.End(run.Call, Ends.Failed(FailureReason.Revoked, why, retryable: false)));
            return;
        }
        var attempt = WorkerAttempt.Of(run with { Arguments = new RawJson(bound.Arguments) }, frames, scratchRoot);
        // Known before it runs, so that an abort that follows at once finds it, and whoever ends all waits for it.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        running[run.Call] = (attempt, RunAsync(started.Task, run, routine, attempt, frames, running));
        started.SetResult();
    }

    private async Task RunAsync(
        Task started,
        Frame.Run run,
        IRunnableRoutine routine,
        WorkerAttempt attempt,
        FrameWriter frames,
        ConcurrentDictionary<long, (WorkerAttempt Attempt, Task Run)> running
    )
    {
        await started;
        AttemptEnd end;
        try
        {
            end = await routine.RunAsync(attempt);
        }
        // Whatever a routine does ends its own attempt and nothing else.
        catch (Exception broken)
        {
            LogBroken(broken, run.Task, run.Code.Name);
            end = Ends.Failed(FailureReason.Exception, $"The routine could not be run: {broken.GetType().Name}.");
        }
        try
        {
            attempt.Finish();
            running.TryRemove(run.Call, out _);
            frames.Write(AttemptFrames.End(run.Call, end));
            attempt.Dispose();
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            LogUntold(gone, run.Task);
        }
    }

    private static async Task EndAllAsync(ConcurrentDictionary<long, (WorkerAttempt Attempt, Task Run)> running)
    {
        var all = running.Values.ToArray();
        foreach (var (attempt, _) in all)
            attempt.Cancel(force: true);
        await Task.WhenAll(all.Select(one => one.Run));
    }

    [LoggerMessage(2201, LogLevel.Error, "Task {Task}: the routine {Routine} broke.")]
    private partial void LogBroken(Exception exception, long task, string routine);

    [LoggerMessage(2202, LogLevel.Warning, "Task {Task}: its end could not be told; the daemon takes it for lost.")]
    private partial void LogUntold(Exception exception, long task);
}
