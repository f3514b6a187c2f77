using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines;
using AptTask.Host.Execution.Workers.Frames;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Workers.Remote;

/// <summary>
/// A worker on another machine, for as long as its link lasts. It is given one attempt for each free place and nothing ahead. When
/// the link ends, for whatever reason, its attempts are lost: nobody here knows how far they came.
/// </summary>
internal sealed class RemoteWorker(Frame.Hello hello, string? key, string address, TimeProvider time) : IDisposable
{
    private const int OutboxLimit = 4096;

    private readonly ConcurrentDictionary<long, WorkerCall> _calls = new();
    private readonly Channel<Frame> _outbox = Channel.CreateBounded<Frame>(
        new BoundedChannelOptions(OutboxLimit) { SingleReader = true }
    );
    private readonly CancellationTokenSource _cut = new();

    // Between a call that is known and its frame in the outbox nothing else is sent.
    private readonly Lock _turn = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (long Number, ImmutableArray<long> Calls)? _asked;
    private long _sign = time.GetTimestamp();
    private ImmutableDictionary<string, int> _used = ImmutableDictionary<string, int>.Empty;
    private long _numbers;
    private volatile bool _isGone;

    /// <summary>Its name, for people.</summary>
    public string Name => hello.Name;

    /// <summary>The version of its program.</summary>
    public string Program => hello.Program;

    /// <summary>What it said of itself, with its key: never to be written down.</summary>
    public Frame.Hello Hello => hello;

    /// <summary>The public id of its key; null where no keys are configured.</summary>
    public string? Key => key;

    /// <summary>Where it is.</summary>
    public string Address => address;

    /// <summary>When the link began.</summary>
    public DateTimeOffset Since { get; } = time.GetUtcNow();

    /// <summary>When it last said anything.</summary>
    public DateTimeOffset Seen { get; private set; } = time.GetUtcNow();

    /// <summary>Whether it is given nothing more.</summary>
    public bool IsDraining { get; set; }

    /// <summary>Its places by lane.</summary>
    public ImmutableDictionary<string, int> Lanes { get; private set; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>What it can run, by name.</summary>
    public ImmutableDictionary<string, RoutineDescriptor> Routines { get; private set; } =
        ImmutableDictionary<string, RoutineDescriptor>.Empty;

    /// <summary>The tasks that it works on.</summary>
    public ImmutableArray<TaskId> Tasks => [.. _calls.Values.Select(call => call.Attempt.Task)];

    /// <summary>How many attempts it has ended.</summary>
    public long Finished { get; private set; }

    /// <summary>Whether the link is there.</summary>
    public bool IsThere => !_isGone;

    /// <summary>Why it is not taken after all; null while nothing is against it.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Whether it is not taken after all.</summary>
    public bool IsRefused => Refusal is not null;

    /// <summary>Says why it is not taken; the link has to end.</summary>
    public void Refuse(string why)
    {
        Refusal = why;
        Send(new Frame.Refuse(why));
    }

    /// <summary>Cancelled when the daemon wants the link to end.</summary>
    public CancellationToken Cut => _cut.Token;

    /// <summary>What is to be sent.</summary>
    public ChannelReader<Frame> Outbox => _outbox.Reader;

    /// <summary>How many places of a lane are free; less than none when the worker has taken some back.</summary>
    public int FreeIn(string lane) => Lanes.GetValueOrDefault(lane) - _used.GetValueOrDefault(lane);

    /// <summary>Takes in what it offers.</summary>
    public void Take(Frame.Offer offer)
    {
        Lanes = offer.Lanes;
        Routines = offer
            .Routines.Where(routine => routine.Unavailable is null)
            .ToImmutableDictionary(routine => routine.Name);
    }

    /// <summary>Sends a frame. A worker that does not take its frames in is cut off.</summary>
    public void Send(Frame frame)
    {
        lock (_turn)
            Send_NeedsLock(frame);
    }

    /// <summary>Takes in a frame about an attempt.</summary>
    /// <returns>False when it was not given that attempt, or says nothing of it: the link has to end.</returns>
    public bool TryTake(Frame.About frame)
    {
        if (!_calls.TryGetValue(frame.Call, out var call))
            return false;
        if (frame is Frame.End)
        {
            _calls.TryRemove(frame.Call, out _);
            Finished++;
        }
        return call.Take(frame);
    }

    /// <summary>It has said something.</summary>
    public void NoteSign()
    {
        _sign = time.GetTimestamp();
        Seen = time.GetUtcNow();
    }

    /// <summary>How long it has said nothing.</summary>
    public TimeSpan Silence => time.GetElapsedTime(_sign);

    /// <summary>Answers its sign of life, and looks whether it holds all that it was given.</summary>
    public void Answer(Frame.Heartbeat beat)
    {
        lock (_turn)
        {
            // It has seen all that was sent before the answer that it names, and tells ends before it leaves a call out. Compared
            // with anything sent later, an attempt that is still on its way would be taken for lost, and run twice.
            if (_asked is { } asked && beat.Answered >= asked.Number)
            {
                foreach (var number in asked.Calls.Except(beat.Calls))
                    Lose(number, $"The worker {Name} does not know of it; it was lost on the way.");
                _asked = null;
            }
            _asked ??= (beat.Number, [.. _calls.Keys]);
            Send_NeedsLock(new Frame.Heartbeat(beat.Number));
        }
    }

    /// <summary>Runs one attempt to its end, or to the end of the link.</summary>
    public async Task<AttemptEnd> RunAsync(CodeName code, AttemptContext attempt, int maxResult, int maxPosted)
    {
        var number = Interlocked.Increment(ref _numbers);
        var call = new WorkerCall(number, attempt);
        lock (_turn)
        {
            _calls[number] = call;
            if (_isGone)
                Lose(number, LostWithLink);
            else
                Send_NeedsLock(AttemptFrames.Run(number, code, attempt, maxResult, maxPosted));
        }
        using var stop = attempt.Stop.UnsafeRegister(
            static state => ((Asked)state!).Abort(force: false),
            new Asked(this, number)
        );
        using var force = attempt.Force.UnsafeRegister(
            static state => ((Asked)state!).Abort(force: true),
            new Asked(this, number)
        );
        return await call.End;
    }

    /// <summary>Holds places of a lane.</summary>
    public void Hold(string lane, int places) =>
        ImmutableInterlocked.AddOrUpdate(ref _used, lane, places, (_, held) => held + places);

    /// <summary>The link has ended: it is given nothing more. What it was given may still run.</summary>
    public void Close()
    {
        lock (_turn)
        {
            _isGone = true;
            _outbox.Writer.TryComplete();
        }
    }

    /// <summary>Nothing that it was given runs any more.</summary>
    public void Leave()
    {
        Close();
        foreach (var number in _calls.Keys)
            Lose(number, LostWithLink);
        _left.TrySetResult();
    }

    /// <summary>Waits until nothing that it was given can run any more: it has said so, or its lease is over by far.</summary>
    public async Task WaitForLeaseAsync(TimeSpan patience, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var left = patience - Silence;
        if (left <= TimeSpan.Zero)
            return;
        await Task.WhenAny(_left.Task, Task.Delay(left, time, over.Token));
        await over.CancelAsync();
    }

    /// <summary>Ends the link.</summary>
    public void CutOff()
    {
        lock (_turn)
            CutOff_NeedsLock();
    }

    /// <inheritdoc/>
    public void Dispose() => _cut.Dispose();

    private string LostWithLink =>
        $"The link to the worker {Name} ({address}) was lost while it ran; nobody knows how far it came.";

    private void Send_NeedsLock(Frame frame)
    {
        if (!_outbox.Writer.TryWrite(frame))
            CutOff_NeedsLock();
    }

    // What follows runs on the pool: nothing foreign is called under the lock.
    private void CutOff_NeedsLock()
    {
        if (!_isGone)
            _ = _cut.CancelAsync();
    }

    private void Lose(long number, string message)
    {
        if (_calls.TryRemove(number, out var call))
            call.Lose(message);
    }

    private sealed record Asked(RemoteWorker Worker, long Number)
    {
        public void Abort(bool force) => Worker.Send(new Frame.Abort(Number, force));
    }
}
