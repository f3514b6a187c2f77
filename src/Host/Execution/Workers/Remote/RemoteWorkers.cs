using System.Collections.Immutable;
using System.Text.Json;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines;
using AptTask.Host.Execution.Workers.Frames;

namespace AptTask.Host.Execution.Workers.Remote;

/// <summary>
/// The workers on other machines: who is there, what they offer, and which of them gets an attempt. A name that was offered once stays
/// known, so that a task for it waits for the next worker instead of failing.
/// </summary>
internal sealed partial class RemoteWorkers(
    RemoteWorkersOptions options,
    Func<string?, (bool IsAllowed, string? Key)> authenticate,
    ILogger<RemoteWorkers> log,
    TimeProvider time
)
{
    private readonly Lock _gate = new();
    private readonly List<RemoteWorker> _workers = [];
    private readonly SortedDictionary<string, RoutineDescriptor> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lanes = [];
    private readonly List<Waiting> _waiting = [];

    /// <summary>Nobody, ever: for verbs that serve no one.</summary>
    public static RemoteWorkers None =>
        new(
            new RemoteWorkersOptions(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 4096),
            _ => (false, null),
            Microsoft.Extensions.Logging.Abstractions.NullLogger<RemoteWorkers>.Instance,
            TimeProvider.System
        );

    /// <summary>Told when offers have changed: the catalogue and the lanes have to follow. Never under a lock.</summary>
    public Func<Task> Changed { get; set; } = () => Task.CompletedTask;

    /// <summary>The largest result and the largest posted data, in bytes.</summary>
    public (int Result, int Posted) Limits { get; set; }

    /// <summary>Everyone who is there.</summary>
    public ImmutableArray<RemoteWorker> Workers
    {
        get
        {
            lock (_gate)
                return [.. _workers];
        }
    }

    /// <summary>What can be or could once be run, each with as many places as there are for it now.</summary>
    public ImmutableArray<RemoteRoutine> Routines
    {
        get
        {
            lock (_gate)
                return [.. _known.Values.Select(known => new RemoteRoutine(WithPlaces(known), this))];
        }
    }

    /// <summary>The places of each lane that a worker has ever offered.</summary>
    public ImmutableDictionary<string, int> Lanes
    {
        get
        {
            lock (_gate)
                return _lanes.ToImmutableDictionary(
                    lane => lane,
                    lane => _workers.Sum(worker => PlacesOf(worker, lane))
                );
        }
    }

    /// <summary>The names that tasks of an earlier life wait for: nothing of that name is started until a worker offers it.</summary>
    public ImmutableHashSet<string> Awaited { get; set; } = [];

    /// <summary>Serves one link until it ends.</summary>
    /// <param name="input">What the worker sends.</param>
    /// <param name="output">What the worker gets.</param>
    /// <param name="address">Where it is, for people.</param>
    /// <param name="hangUp">Ends the connection at once.</param>
    /// <param name="stop">The daemon ends.</param>
    public async Task ServeAsync(Stream input, Stream output, string address, Action hangUp, CancellationToken stop)
    {
        if (await GreetAsync(input, output, address, stop) is not { } worker)
            return;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, worker.Cut);
        var sending = SendAsync(worker, output, ending.Token);
        var (why, isClean) = await ListenToEndAsync(worker, input, ending.Token, stop);
        LogGone(worker.Name, address, why, worker.Tasks.Length);
        worker.Close();
        if (worker.IsRefused)
            await Task.WhenAny(sending, Task.Delay(options.FirstFrame, time, stop));
        await ending.CancelAsync();
        await sending;
        await ChangedAsync();
        if (!isClean && !worker.Tasks.IsEmpty)
        {
            // It hears that the link has ended, and ends what it runs. One that cannot hear it does so when its lease is over.
            hangUp();
            await worker.WaitForLeaseAsync(options.Patience, stop);
        }
        lock (_gate)
            _workers.Remove(worker);
        worker.Leave();
        worker.Dispose();
    }

    /// <summary>Keys have changed: whoever showed one that holds no longer is cut off.</summary>
    public void CheckKeys()
    {
        foreach (var worker in Workers.Where(worker => authenticate(worker.Hello.Key) != (true, worker.Key)))
            worker.CutOff();
    }

    /// <summary>Gives an attempt to the worker with the most room, and waits for one when there is none.</summary>
    /// <exception cref="OperationCanceledException">It was told to stop while it waited.</exception>
    public async Task<AttemptEnd> RunAsync(string routine, AttemptContext attempt)
    {
        var lane = attempt.Lane.Value;
        var worker = await TakeAsync(routine, lane, attempt.Weight, attempt.Stop);
        try
        {
            return await worker.RunAsync(CodeName.Routine(routine), attempt, Limits.Result, Limits.Posted);
        }
        finally
        {
            worker.Hold(lane, -attempt.Weight);
            ServeWaiting();
        }
    }

    private RoutineDescriptor WithPlaces(RoutineDescriptor known)
    {
        var places = _workers
            .Where(worker => worker.Routines.ContainsKey(known.Name))
            .Sum(worker => LanesOf(known).Distinct().Sum(lane => PlacesOf(worker, lane)));
        var own = known.Policy.Concurrency ?? int.MaxValue;
        return known with { Policy = known.Policy with { Concurrency = Math.Min(places, own) } };
    }

    private static IEnumerable<string> LanesOf(RoutineDescriptor routine) =>
        routine.Policy.Lanes.Prepend(routine.Policy.Lane ?? LaneEntry.Default);

    private static int PlacesOf(RemoteWorker worker, string lane) =>
        worker is { IsThere: true, IsDraining: false } ? worker.Lanes.GetValueOrDefault(lane) : 0;

    private async Task<RemoteWorker?> GreetAsync(Stream input, Stream output, string address, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(options.FirstFrame, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        try
        {
            // Little is read of a stranger.
            var cutter = new FrameCutter(4096);
            Frame? first;
            while ((first = cutter.TryCut()) is null)
            {
                var count = await input.ReadAsync(cutter.Room(), both.Token);
                if (count == 0)
                    return null;
                cutter.Advance(count);
            }
            if (first is Frame.Hello hello)
                return await GreetAsync(hello, output, address, both.Token);
            await WriteAsync(output, new Frame.Refuse(NoHello), both.Token);
            LogRefused("?", address, NoHello);
        }
        catch (JsonException)
        {
            // What it said is not repeated: a key may stand in it.
            LogRefused("?", address, NoHello);
            await TurnAwayAsync(output, both.Token);
        }
        catch (OperationCanceledException)
        {
            LogRefused("?", address, "It did not say who it is in time.");
        }
        catch (IOException broken)
        {
            LogRefused("?", address, broken.Message);
        }
        return null;
    }

    private const string NoHello =
        "Its first frame is no hello as this daemon knows it. Run the same version of aptaskd on both machines.";

    private static async Task TurnAwayAsync(Stream output, CancellationToken stop)
    {
        try
        {
            await WriteAsync(output, new Frame.Refuse(NoHello), stop);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // Whoever it was does not listen.
        }
    }

    private async Task<RemoteWorker?> GreetAsync(
        Frame.Hello hello,
        Stream output,
        string address,
        CancellationToken stop
    )
    {
        var (worker, refusal) = Judge(hello, address);
        if (worker is null)
        {
            LogRefused(Printable.Of(hello.Name ?? "?"), address, refusal);
            await WriteAsync(output, new Frame.Refuse(refusal), stop);
            return null;
        }
        LogThere(hello.Name, address, hello.Program);
        worker.Send(new Frame.Welcome(options.Heartbeat.TotalSeconds, options.Lease.TotalSeconds));
        return worker;
    }

    private (RemoteWorker? Worker, string Refusal) Judge(Frame.Hello hello, string address)
    {
        var (isAllowed, key) = authenticate(hello.Key);
        if (!isAllowed)
            return (null, "Its key is not known here, or is not of role worker (aptaskd key new NAME --role worker).");
        if (hello.Version != RemoteWorkersOptions.FramesVersion)
            return (
                null,
                $"It speaks version {hello.Version} of the frames, this daemon {RemoteWorkersOptions.FramesVersion}. Run the same version of aptaskd on both machines."
            );
        if (!OfferRules.IsName(hello.Name))
            return (null, "Its name is not a name: letters, digits, '.', '_' and '-', 64 at most.");
        if (!OfferRules.IsName(hello.Program?.Replace('+', '-')))
            return (null, "It does not say the version of its program.");
        var worker = new RemoteWorker(hello, key, address, time);
        RemoteWorker? old;
        lock (_gate)
        {
            old = _workers.Find(other => other.Name == hello.Name);
            if (old is not null && (hello.Process is null || old.Hello.Process != hello.Process || old.Key != key))
            {
                worker.Dispose();
                return (null, $"There is a worker {hello.Name} already. Give this one another name (--name).");
            }
            if (old is not null)
                _workers.Remove(old);
            _workers.Add(worker);
        }
        // The same process: it has ended all that it ran before it came back, so nothing has to be waited for.
        old?.CutOff();
        old?.Leave();
        return (worker, "");
    }

    private async Task<(string Why, bool IsClean)> ListenToEndAsync(
        RemoteWorker worker,
        Stream input,
        CancellationToken ending,
        CancellationToken stop
    )
    {
        try
        {
            await ListenAsync(worker, input, ending);
            return ("the worker ended it", true);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return (stop.IsCancellationRequested ? "the daemon ends" : "the daemon cut it off", false);
        }
        catch (OperationCanceledException)
        {
            return ($"nothing was heard of it for {options.Patience.TotalSeconds:0.#} s", false);
        }
        catch (Exception broken) when (broken is IOException or JsonException)
        {
            return (broken.Message, false);
        }
        catch (Exception broken)
        {
            // Whatever a worker sends ends its own link and nothing else.
            LogBroken(broken, worker.Name);
            return ($"its frames could not be taken in ({broken.GetType().Name})", false);
        }
    }

    private async Task ListenAsync(RemoteWorker worker, Stream input, CancellationToken stop)
    {
        var cutter = new FrameCutter(options.MaxFrame);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var alarm = time.CreateTimer(
            static silence => ((CancellationTokenSource)silence!).Cancel(),
            silence,
            options.Patience,
            Timeout.InfiniteTimeSpan
        );
        while (true)
        {
            while (cutter.TryCut() is { } frame)
            {
                await TakeAsync(worker, frame);
            }
            var count = await input.ReadAsync(cutter.Room(), silence.Token);
            if (count == 0)
                return;
            cutter.Advance(count);
            worker.NoteSign();
            alarm.Change(options.Patience, Timeout.InfiniteTimeSpan);
        }
    }

    private async ValueTask TakeAsync(RemoteWorker worker, Frame frame)
    {
        switch (frame)
        {
            case Frame.Heartbeat beat when !beat.Calls.IsDefault:
                worker.Answer(beat);
                break;
            case Frame.Offer offer:
                lock (_gate)
                {
                    if (OfferRules.ObjectionTo(offer, _known.Count, _lanes.Count) is { } objection)
                        worker.Refuse(objection);
                }
                if (worker.IsRefused)
                    throw new JsonException($"its offer is refused: {worker.Refusal}");
                Take(worker, offer);
                await ChangedAsync();
                ServeWaiting();
                break;
            case Frame.About about:
                if (!worker.TryTake(about))
                    throw new JsonException(
                        $"it spoke of the attempt {about.Call}, which it does not hold, or left out what there is to say; that is refused"
                    );
                break;
            default:
                throw new JsonException($"a daemon is not told {frame.GetType().Name}");
        }
    }

    private void Take(RemoteWorker worker, Frame.Offer offer)
    {
        lock (_gate)
        {
            worker.Take(offer);
            foreach (var lane in offer.Lanes.Keys)
                _lanes.Add(lane);
            foreach (var routine in offer.Routines.Where(routine => routine.Unavailable is null))
            {
                var own = routine.Policy.Lane ?? LaneEntry.Default;
                var lane = offer.Lanes.ContainsKey(own) ? own : offer.Lanes.Keys.Order(StringComparer.Ordinal).First();
                _known[routine.Name] = routine with
                {
                    Origin = $"{routine.Origin} on {worker.Name}",
                    Policy = routine.Policy with
                    {
                        Lane = lane,
                        Lanes = [.. routine.Policy.Lanes.Where(offer.Lanes.ContainsKey)],
                    },
                };
            }
        }
        LogOffer(
            worker.Name,
            offer.Routines.Length,
            string.Join(", ", offer.Lanes.Select(lane => $"{lane.Key}={lane.Value}"))
        );
    }

    private async Task ChangedAsync()
    {
        try
        {
            await Changed();
        }
        catch (EngineStoppedException)
        {
            // The daemon ends; nobody is left to follow.
        }
    }

    private ValueTask<RemoteWorker> TakeAsync(string routine, string lane, int weight, CancellationToken stop)
    {
        Waiting waiting;
        lock (_gate)
        {
            if (Roomiest_NeedsLock(routine, lane, weight) is { } worker)
            {
                worker.Hold(lane, weight);
                return new ValueTask<RemoteWorker>(worker);
            }
            waiting = new Waiting(routine, lane, weight);
            _waiting.Add(waiting);
        }
        return new ValueTask<RemoteWorker>(WaitAsync(waiting, stop));
    }

    private async Task<RemoteWorker> WaitAsync(Waiting waiting, CancellationToken stop)
    {
        try
        {
            return await waiting.Found.Task.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            RemoteWorker? found = null;
            lock (_gate)
            {
                if (!_waiting.Remove(waiting))
                    found = waiting.Worker;
            }
            found?.Hold(waiting.Lane, -waiting.Weight);
            throw;
        }
    }

    private void ServeWaiting()
    {
        lock (_gate)
        {
            for (var i = 0; i < _waiting.Count; i++)
            {
                var waiting = _waiting[i];
                if (Roomiest_NeedsLock(waiting.Routine, waiting.Lane, waiting.Weight) is not { } worker)
                    continue;
                worker.Hold(waiting.Lane, waiting.Weight);
                waiting.Worker = worker;
                _waiting.RemoveAt(i--);
                waiting.Found.TrySetResult(worker);
            }
        }
    }

    private RemoteWorker? Roomiest_NeedsLock(string routine, string lane, int weight) =>
        _workers
            .Where(worker =>
                worker is { IsThere: true, IsDraining: false }
                && worker.Routines.ContainsKey(routine)
                && worker.FreeIn(lane) >= weight
            )
            .MaxBy(worker => worker.FreeIn(lane));

    private async Task SendAsync(RemoteWorker worker, Stream output, CancellationToken stop)
    {
        try
        {
            await foreach (var frame in worker.Outbox.ReadAllAsync(stop))
            {
                // One that gives signs of life and reads nothing would hold its attempts for ever.
                using var patience = new CancellationTokenSource(options.Patience, time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
                await WriteAsync(output, frame, both.Token);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or IOException)
        {
            worker.CutOff();
        }
    }

    private static async Task WriteAsync(Stream output, Frame frame, CancellationToken stop)
    {
        await output.WriteAsync((byte[])[.. FrameJson.Write(frame), (byte)'\n'], stop);
        await output.FlushAsync(stop);
    }

    private sealed class Waiting(string routine, string lane, int weight)
    {
        public string Routine => routine;

        public string Lane => lane;

        public int Weight => weight;

        public RemoteWorker? Worker { get; set; }

        public TaskCompletionSource<RemoteWorker> Found { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(2101, LogLevel.Information, "The worker {Worker} ({Address}, {Program}) is there.")]
    private partial void LogThere(string worker, string address, string program);

    [LoggerMessage(2102, LogLevel.Information, "The worker {Worker} offers {Routines} routines in the places {Lanes}.")]
    private partial void LogOffer(string worker, int routines, string lanes);

    [LoggerMessage(
        2103,
        LogLevel.Warning,
        "The worker {Worker} ({Address}) is gone: {Why}. {Lost} attempts are lost with it."
    )]
    private partial void LogGone(string worker, string address, string why, int lost);

    [LoggerMessage(2105, LogLevel.Error, "The worker {Worker} sent what broke its link.")]
    private partial void LogBroken(Exception exception, string worker);

    [LoggerMessage(2104, LogLevel.Warning, "A worker {Worker} ({Address}) is refused: {Why}")]
    private partial void LogRefused(string worker, string address, string why);
}
