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
internal sealed class RemoteWorker(string name, string program, string? key, string address, TimeProvider time)
    : IDisposable
{
    private const int OutboxLimit = 4096;

    private readonly ConcurrentDictionary<long, WorkerCall> _calls = new();
    private readonly Channel<Frame> _outbox = Channel.CreateBounded<Frame>(
        new BoundedChannelOptions(OutboxLimit) { SingleReader = true }
    );
    private readonly CancellationTokenSource _cut = new();
    private ImmutableDictionary<string, int> _used = ImmutableDictionary<string, int>.Empty;
    private long _numbers;
    private volatile bool _isGone;

    /// <summary>Its name, for people.</summary>
    public string Name => name;

    /// <summary>The version of its program.</summary>
    public string Program => program;

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
        Routines = offer.Routines.ToImmutableDictionary(routine => routine.Name);
    }

    /// <summary>Sends a frame. A worker that does not take its frames in is cut off.</summary>
    public void Send(Frame frame)
    {
        if (!_outbox.Writer.TryWrite(frame))
            CutOff();
    }

    /// <summary>Takes in a frame about an attempt.</summary>
    /// <returns>False when it was not given that attempt: the link has to end.</returns>
    public bool TryTake(long number, Frame frame)
    {
        if (!_calls.TryGetValue(number, out var call))
            return false;
        if (frame is Frame.End)
        {
            _calls.TryRemove(number, out _);
            Finished++;
        }
        return call.Take(frame);
    }

    /// <summary>It has said something.</summary>
    public void NoteSign() => Seen = time.GetUtcNow();

    /// <summary>Attempts that the worker should hold and does not say that it holds: they were lost on the way to it.</summary>
    public void Compare(ImmutableArray<long> held, ImmutableArray<long> sentBefore)
    {
        foreach (var number in sentBefore.Except(held))
        {
            if (_calls.TryRemove(number, out var lost))
                lost.Lose($"The worker {name} does not know of it; it was lost on the way.");
        }
    }

    /// <summary>The attempts that it was given until now.</summary>
    public ImmutableArray<long> Held => [.. _calls.Keys];

    /// <summary>Runs one attempt to its end, or to the end of the link.</summary>
    public async Task<AttemptEnd> RunAsync(CodeName code, AttemptContext attempt, int maxResult, int maxPosted)
    {
        var number = Interlocked.Increment(ref _numbers);
        var call = new WorkerCall(number, attempt);
        _calls[number] = call;
        if (_isGone)
            Lose(number, call);
        using var stop = attempt.Stop.UnsafeRegister(
            static state => ((Asked)state!).Abort(force: false),
            new Asked(this, number)
        );
        using var force = attempt.Force.UnsafeRegister(
            static state => ((Asked)state!).Abort(force: true),
            new Asked(this, number)
        );
        Send(AttemptFrames.Run(number, code, attempt, maxResult, maxPosted));
        return await call.End;
    }

    /// <summary>Holds places of a lane.</summary>
    public void Hold(string lane, int places) =>
        ImmutableInterlocked.AddOrUpdate(ref _used, lane, places, (_, held) => held + places);

    /// <summary>The link has ended.</summary>
    public void Leave()
    {
        _isGone = true;
        _outbox.Writer.TryComplete();
        foreach (var (number, call) in _calls)
            Lose(number, call);
    }

    /// <summary>Ends the link.</summary>
    public void CutOff()
    {
        if (!_isGone)
            _cut.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose() => _cut.Dispose();

    private void Lose(long number, WorkerCall call)
    {
        if (_calls.TryRemove(number, out _))
            call.Lose(
                $"The link to the worker {name} ({address}) was lost while it ran; nobody knows how far it came."
            );
    }

    private sealed record Asked(RemoteWorker Worker, long Number)
    {
        public void Abort(bool force) => Worker.Send(new Frame.Abort(Number, force));
    }
}
