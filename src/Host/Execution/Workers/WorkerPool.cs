using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Host.Execution.Routines.Loading;
using AptTask.Host.Execution.Workers.Frames;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Workers;

/// <summary>
/// The worker processes of one version of a plugin behind one fence. An attempt takes an idle one or a new one; afterwards it is
/// idle again, unless it has run enough, grown too large or was told to stop. A plugin whose workers die one after the other is given
/// a rest.
/// </summary>
internal sealed class WorkerPool(
    PluginFiles? files,
    Func<Task<WorkerProcess>> start,
    DaemonOptions options,
    TimeProvider time
) : IPluginCode
{
    /// <summary>Workers beyond those that are kept end after this time without work.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan DeathWindow = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();

    // The last one is the one that was used last.
    private readonly List<(WorkerProcess Worker, long Since)> _idle = [];
    private readonly HashSet<WorkerProcess> _all = [];
    private readonly Queue<long> _deaths = [];
    private readonly ConcurrentDictionary<CodeName, RoutineFacts> _included = new();
    private ITimer? _trim;
    private Task<WorkerProcess>? _coming;
    private string _lastDeath = "";
    private Frame.Described _content = new();
    private int _running;
    private volatile bool _retired;

    /// <inheritdoc/>
    public PluginFiles Files => files ?? throw new InvalidOperationException("The framework is no plugin.");

    /// <inheritdoc/>
    public string Title => files is null ? "the framework" : $"plugin {files.Name}";

    /// <inheritdoc/>
    public string Version => _content.Version;

    /// <inheritdoc/>
    public ImmutableArray<RoutineFacts> Routines => _content.Routines;

    /// <inheritdoc/>
    public ImmutableArray<string> Problems => _content.Problems;

    /// <inheritdoc/>
    public ImmutableArray<MethodName> Methods => _content.Methods;

    /// <inheritdoc/>
    public int Running => Volatile.Read(ref _running);

    /// <inheritdoc/>
    public int Abandoned => 0;

    /// <inheritdoc/>
    public bool IsUnloaded
    {
        get
        {
            lock (_gate)
                return _retired && _all.Count == 0;
        }
    }

    /// <summary>The processes as they are.</summary>
    public ImmutableArray<WorkerProcess> Workers
    {
        get
        {
            lock (_gate)
                return [.. _all];
        }
    }

    /// <inheritdoc/>
    public string? Trouble
    {
        get
        {
            lock (_gate)
            {
                if (_deaths.Count < options.Workers.MaxDeaths)
                    return null;
                var rest = DeathWindow - time.GetElapsedTime(_deaths.Last());
                return rest <= TimeSpan.Zero || time.GetElapsedTime(_deaths.Peek(), _deaths.Last()) > DeathWindow
                    ? null
                    : $"{Title} is failing: {_deaths.Count} of its workers died within {DeathWindow.TotalSeconds:0} s, the last one so: {_lastDeath}. It is given another try {DeathWindow.TotalSeconds:0} s after that, or after a reload";
            }
        }
    }

    /// <summary>Starts the first process and lets it say what is in the plugin.</summary>
    /// <exception cref="UnusableCodeException">It could not.</exception>
    public async Task OpenAsync()
    {
        try
        {
            var (first, content) = await StartAsync();
            _content = content;
            GiveBack(first);
        }
        catch (WorkerFailedException failed)
        {
            throw new UnusableCodeException($"cannot be read: {failed.Message}");
        }
    }

    /// <inheritdoc/>
    public bool Suits(DaemonOptions now) =>
        Trouble is null
        && now.Workers == options.Workers
        && now.Sandbox == options.Sandbox
        && now.Results == options.Results;

    /// <inheritdoc/>
    public async ValueTask<RoutineFacts> IncludeAsync(CodeName method)
    {
        if (_included.TryGetValue(method, out var known))
            return known;
        try
        {
            // Of one that has run nothing yet: code that has run in a process could answer in its place.
            var fresh = await TakeFreshAsync();
            var answer = (Frame.Included)await fresh.AskAsync(new Frame.Include(method));
            GiveBack(fresh);
            var facts = answer.Facts ?? throw new UnusableCodeException(answer.Failure ?? "cannot be called");
            _included.TryAdd(method, facts);
            return facts;
        }
        catch (WorkerFailedException failed)
        {
            throw new UnusableCodeException($"cannot be read: {failed.Message}");
        }
    }

    /// <inheritdoc/>
    public bool TryRun(
        CodeName code,
        AttemptContext attempt,
        RunLimits limits,
        [NotNullWhen(true)] out Task<AttemptEnd>? run
    )
    {
        run = null;
        Interlocked.Increment(ref _running);
        // After the increment: either this sees the retirement, or the retirement sees this.
        if (_retired)
        {
            Leave();
            return false;
        }
        run = RunAsync(code, attempt, limits);
        return true;
    }

    /// <inheritdoc/>
    public void Retire()
    {
        _retired = true;
        Interlocked.MemoryBarrier();
        ReleaseIdle();
    }

    /// <summary>Ends every process at once, and with them what they run.</summary>
    /// <returns>How many there were.</returns>
    public int KillAll()
    {
        var all = Workers;
        foreach (var worker in all)
            worker.Kill();
        return all.Length;
    }

    private async Task<AttemptEnd> RunAsync(CodeName code, AttemptContext attempt, RunLimits limits)
    {
        try
        {
            if (Trouble is { } trouble)
                return Ends.Failed(FailureReason.WorkerDied, trouble);
            var worker = await TakeAsync();
            var end = await worker.RunAsync(code, attempt, limits);
            if (
                end.Outcome is AttemptOutcome.Failed { Reason: FailureReason.WorkerDied or FailureReason.Memory }
                && !worker.IsUsable
            )
                NoteDeath(end.Message ?? "");
            GiveBack(worker);
            return end;
        }
        catch (WorkerFailedException failed)
        {
            NoteDeath(failed.Message);
            return Ends.Failed(FailureReason.SandboxFailed, failed.Message);
        }
        finally
        {
            Leave();
        }
    }

    private async ValueTask<WorkerProcess> TakeAsync()
    {
        Task<WorkerProcess>? coming;
        lock (_gate)
        {
            while (TryPop_NeedsLock(out var idle))
            {
                if (idle.IsUsable)
                    return idle;
            }
            (coming, _coming) = (_coming, null);
        }
        return coming is null ? (await StartAsync()).Worker : await coming;
    }

    private async ValueTask<WorkerProcess> TakeFreshAsync()
    {
        lock (_gate)
        {
            var at = _idle.FindIndex(idle => idle.Worker is { IsUsable: true, Calls: 0 });
            if (at >= 0)
            {
                var fresh = _idle[at].Worker;
                _idle.RemoveAt(at);
                return fresh;
            }
        }
        return (await StartAsync()).Worker;
    }

    private async Task<(WorkerProcess Worker, Frame.Described Content)> StartAsync()
    {
        var worker = await start();
        lock (_gate)
            _all.Add(worker);
        _ = ForgetAsync(worker);
        var answer = (Frame.Described)
            await worker.AskAsync(new Frame.Describe(files?.Name, files?.Hash, files?.Folder));
        if (answer.Failure is { } failure)
        {
            worker.Release();
            throw new WorkerFailedException($"its code could not be loaded: {failure}");
        }
        return (worker, answer);
    }

    private async Task ForgetAsync(WorkerProcess worker)
    {
        await worker.Ended;
        lock (_gate)
            _all.Remove(worker);
    }

    private void GiveBack(WorkerProcess worker)
    {
        var isKept =
            worker.IsUsable
            && !_retired
            && worker.Calls < options.Workers.RecycleAfter
            && worker.Memory < options.Workers.Memory;
        lock (_gate)
        {
            if (isKept)
            {
                _idle.Add((worker, time.GetTimestamp()));
                Trim_NeedsLock();
            }
        }
        if (!isKept)
            worker.Release();
        else if (_retired)
            ReleaseIdle();
        if (!isKept && !_retired && Trouble is null)
            _ = RefillAsync();
    }

    // Ahead of the next attempt, which would have to wait for it otherwise. Whoever comes meanwhile takes it over.
    private async Task RefillAsync()
    {
        Task<WorkerProcess> coming;
        lock (_gate)
        {
            if (_idle.Count > 0 || _coming is not null)
                return;
            coming = _coming = StartOneAsync();
        }
        try
        {
            var worker = await coming;
            lock (_gate)
            {
                if (_coming != coming)
                    return;
                _coming = null;
            }
            GiveBack(worker);
        }
        catch (WorkerFailedException failed)
        {
            lock (_gate)
                _coming = _coming == coming ? null : _coming;
            NoteDeath(failed.Message);
        }
    }

    private async Task<WorkerProcess> StartOneAsync() => (await StartAsync()).Worker;

    private void ReleaseIdle()
    {
        while (true)
        {
            WorkerProcess? idle;
            lock (_gate)
            {
                if (!TryPop_NeedsLock(out idle))
                    return;
            }
            idle.Release();
        }
    }

    private bool TryPop_NeedsLock([NotNullWhen(true)] out WorkerProcess? idle)
    {
        idle = null;
        if (_idle.Count == 0)
            return false;
        idle = _idle[^1].Worker;
        _idle.RemoveAt(_idle.Count - 1);
        return true;
    }

    // Not at once: between two waves of tasks every worker is idle for a moment.
    private void Trim_NeedsLock()
    {
        if (_idle.Count <= options.Workers.Count || _trim is not null)
            return;
        _trim = time.CreateTimer(static pool => ((WorkerPool)pool!).Trim(), this, IdleTime, Timeout.InfiniteTimeSpan);
    }

    private void Trim()
    {
        lock (_gate)
        {
            _trim?.Dispose();
            _trim = null;
            while (_idle.Count > options.Workers.Count && time.GetElapsedTime(_idle[0].Since) >= IdleTime)
            {
                _idle[0].Worker.Release();
                _idle.RemoveAt(0);
            }
            Trim_NeedsLock();
        }
    }

    private void NoteDeath(string how)
    {
        lock (_gate)
        {
            _lastDeath = how;
            _deaths.Enqueue(time.GetTimestamp());
            if (_deaths.Count > options.Workers.MaxDeaths)
                _deaths.Dequeue();
        }
    }

    private void Leave() => Interlocked.Decrement(ref _running);
}
