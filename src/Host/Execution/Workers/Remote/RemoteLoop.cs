using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Host.Execution.Workers.Frames;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Workers.Remote;

/// <summary>
/// The other end of one link, on the machine that offers places: runs what the daemon asks for, by its own whitelist and plugins.
/// When the daemon has not answered for the time of the lease, or the link is gone, it owns nothing more and ends all that it runs.
/// </summary>
internal sealed partial class RemoteLoop(
    IRoutineCatalogue catalogue,
    ImmutableDictionary<string, int> lanes,
    string scratchRoot,
    Stream stream,
    ILogger<RemoteLoop> log,
    TimeProvider time
) : IDisposable
{
    /// <summary>The daemon is trusted; this only keeps an error from taking all memory.</summary>
    private const int FrameLimit = 1024 * 1024 * 1024;

    private readonly FrameWriter _frames = new(stream);
    private readonly ConcurrentDictionary<long, (WorkerAttempt Attempt, Task Run)> _running = new();
    private readonly CancellationTokenSource _over = new();
    private readonly long _began = time.GetTimestamp();
    private Lease? _lease;
    private ITimer? _beats;
    private int _beating;
    private long _beat;
    private long _answered;
    private volatile bool _isEnding;

    /// <summary>Speaks until the link ends. Nothing that it started runs when this comes back.</summary>
    /// <returns>Why it ended, for people.</returns>
    /// <exception cref="WorkerFailedException">The daemon does not want this worker, and says why.</exception>
    public async Task<string> SpeakAsync(Frame.Hello hello, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, _over.Token);
        try
        {
            _frames.Write(hello);
            return await ListenAsync(ending.Token);
        }
        catch (OperationCanceledException)
        {
            return stop.IsCancellationRequested ? "told to stop" : LeaseIsOver;
        }
        catch (Exception broken) when (broken is IOException or JsonException)
        {
            return broken.Message;
        }
        finally
        {
            // First of all, and not after a write that nobody takes.
            CancelAll();
            if (_beats is not null)
                await _beats.DisposeAsync();
            await Task.WhenAll(_running.Values.Select(one => one.Run));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lease?.Dispose();
        _over.Dispose();
    }

    private const string LeaseIsOver = "the lease is over: the daemon did not answer in time";

    private async Task<string> ListenAsync(CancellationToken ending)
    {
        var cutter = new FrameCutter(FrameLimit);
        while (true)
        {
            while (cutter.TryCut() is { } frame)
            {
                // What was sent to a process that was held up is not begun after the lease: it may run elsewhere by now.
                if (_lease is { IsOver: true })
                    return LeaseIsOver;
                Take(frame);
            }
            var count = await stream.ReadAsync(cutter.Room(), ending);
            if (count == 0)
                return "the daemon ended the link";
            cutter.Advance(count);
        }
    }

    private void Take(Frame frame)
    {
        switch (frame)
        {
            case Frame.Refuse refuse:
                throw new WorkerFailedException($"the daemon refused: {refuse.Message}");
            case Frame.Welcome welcome when _lease is null:
                Begin(welcome);
                break;
            case Frame.Heartbeat answer:
                _lease?.NoteAnswered(answer.Number);
                Volatile.Write(ref _answered, answer.Number);
                break;
            case Frame.Run run:
                Start(run);
                break;
            case Frame.Abort abort:
                if (_running.TryGetValue(abort.Call, out var known))
                    known.Attempt.Cancel(abort.Force);
                break;
            default:
                throw new JsonException($"a worker is not told {frame.GetType().Name}");
        }
    }

    private void Begin(Frame.Welcome welcome)
    {
        _frames.Write(
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
        _lease = new Lease(TimeSpan.FromSeconds(welcome.LeaseSeconds), _began, time, End);
        _beats = time.CreateTimer(_ => Beat(), null, heartbeat, heartbeat);
    }

    private void Beat()
    {
        // One that waits for the stream is enough.
        if (Interlocked.Exchange(ref _beating, 1) == 1)
            return;
        try
        {
            // In this order: what was sent before that answer is among the calls, or its end has been told.
            var answered = Volatile.Read(ref _answered);
            ImmutableArray<long> calls = [.. _running.Keys];
            _lease!.NoteSent(++_beat);
            _frames.Write(new Frame.Heartbeat(_beat) { Answered = answered, Calls = calls });
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            End();
        }
        finally
        {
            Volatile.Write(ref _beating, 0);
        }
    }

    private void End()
    {
        CancelAll();
        try
        {
            _over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The link has ended already.
        }
    }

    private void Start(Frame.Run run)
    {
        // Whatever the daemon has bound: what may run here is said by the whitelist of this machine.
        var routine = catalogue.Find(run.Code.Name);
        var binding = routine?.Bind(JsonElement.Parse(run.Arguments.Utf8.Span), BindingMode.Strict);
        if (routine is null || binding is not Binding.Bound bound)
        {
            var why = (binding as Binding.Refused)?.Message ?? $"The worker has no routine {run.Code.Name} any more.";
            _frames.Write(AttemptFrames.End(run.Call, Ends.Failed(FailureReason.Revoked, why, retryable: false)));
            return;
        }
        var attempt = WorkerAttempt.Of(run with { Arguments = new RawJson(bound.Arguments) }, _frames, scratchRoot);
        // Known before it runs, so that an abort that follows at once finds it, and whoever ends all waits for it.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[run.Call] = (attempt, RunAsync(started.Task, run, routine, attempt));
        if (_isEnding)
            attempt.Cancel(force: true);
        started.SetResult();
    }

    private async Task RunAsync(Task started, Frame.Run run, IRunnableRoutine routine, WorkerAttempt attempt)
    {
        await started;
        AttemptEnd end;
        try
        {
            end = attempt.Stop.IsCancellationRequested ? Ends.Stopped() : await routine.RunAsync(attempt);
        }
        // Whatever a routine does ends its own attempt and nothing else.
        catch (Exception broken)
        {
            LogBroken(broken, run.Task, run.Code.Name);
            end = Ends.Failed(FailureReason.Exception, $"The routine could not be run: {broken.GetType().Name}.");
        }
        try
        {
            // What was ended with the link is lost, and nobody's failure: the daemon says so when the link is gone.
            if (!_isEnding)
            {
                attempt.Finish();
                _frames.Write(AttemptFrames.End(run.Call, end));
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            LogUntold(gone, run.Task);
        }
        // Only now: a heartbeat that does not name it comes after its end.
        _running.TryRemove(run.Call, out _);
        try
        {
            attempt.Dispose();
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            LogScratchLeft(left, run.Task);
        }
    }

    private void CancelAll()
    {
        _isEnding = true;
        foreach (var (attempt, _) in _running.Values)
            attempt.Cancel(force: true);
    }

    [LoggerMessage(2201, LogLevel.Error, "Task {Task}: the routine {Routine} broke.")]
    private partial void LogBroken(Exception exception, long task, string routine);

    [LoggerMessage(2202, LogLevel.Warning, "Task {Task}: its end could not be told; the daemon takes it for lost.")]
    private partial void LogUntold(Exception exception, long task);

    [LoggerMessage(2203, LogLevel.Warning, "Task {Task}: its scratch folder could not be removed.")]
    private partial void LogScratchLeft(Exception exception, long task);
}
