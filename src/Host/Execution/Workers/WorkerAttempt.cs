using System.Text;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Workers.Frames;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Workers;

/// <summary>An attempt as the worker sees it: what its code says goes out as frames.</summary>
internal sealed class WorkerAttempt : AttemptContext, IDisposable
{
    private readonly Frame.Run _run;
    private readonly FrameWriter _frames;
    private readonly string _scratchRoot;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _force = new();
    private readonly Lock _gate = new();
    private string? _scratch;
    private long _postedBytes;
    private Frame.Report? _newest;
    private bool _isEnded;

    private WorkerAttempt(Frame.Run run, FrameWriter frames, string scratchRoot)
    {
        _run = run;
        _frames = frames;
        _scratchRoot = scratchRoot;
        Stop = _stop.Token;
        Force = _force.Token;
    }

    /// <inheritdoc/>
    public override string ScratchFolder
    {
        get
        {
            lock (_gate)
                return _scratch ??= Directory.CreateDirectory(Path.Combine(_scratchRoot, Token.ToString())).FullName;
        }
    }

    /// <summary>Takes an attempt over from its frame.</summary>
    public static WorkerAttempt Of(Frame.Run run, FrameWriter frames, string scratchRoot) =>
        new(run, frames, scratchRoot)
        {
            Task = new TaskId(run.Task),
            Token = new AttemptToken(run.Token),
            Number = run.Attempt,
            Group = new GroupName(run.Group),
            Job = run.Job is { } job ? new JobId(job) : null,
            Arguments = run.Arguments.Utf8,
            Dependencies = AttemptFrames.DependenciesOf(run),
        };

    /// <summary>Asks it to stop.</summary>
    public void Cancel(bool force)
    {
        _ = _stop.CancelAsync();
        if (force)
            _ = _force.CancelAsync();
    }

    /// <inheritdoc/>
    public override void Log(LogStream stream, ReadOnlySpan<byte> utf8) =>
        Tell(new Frame.Log(_run.Call, stream, Encoding.UTF8.GetString(utf8)));

    /// <inheritdoc/>
    public override void Report(double progress, string? message)
    {
        bool isFirst;
        lock (_gate)
        {
            if (_isEnded)
                return;
            isFirst = _newest is null;
            // A report without a message leaves the one before standing.
            _newest = new Frame.Report(_run.Call, progress, message ?? _newest?.Message);
        }
        // However many come while this one waits for its turn, one frame carries them.
        if (isFirst)
            ThreadPool.UnsafeQueueUserWorkItem(static attempt => attempt.SendReport(), this, preferLocal: false);
    }

    /// <inheritdoc/>
    public override bool Post(string name, JsonElement data)
    {
        var json = RawJson.Of(data);
        lock (_gate)
        {
            if (_isEnded || _postedBytes + json.Utf8.Length + name.Length > _run.MaxPosted)
                return false;
            _postedBytes += json.Utf8.Length + name.Length;
        }
        Tell(new Frame.Post(_run.Call, name, json));
        return true;
    }

    /// <summary>Says what is left to say before the end.</summary>
    public void Finish()
    {
        SendReport();
        lock (_gate)
            _isEnded = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _force.Dispose();
        if (_scratch is not null && Directory.Exists(_scratch))
            Directory.Delete(_scratch, recursive: true);
    }

    private void SendReport()
    {
        // Written under the gate, so that none can follow the end.
        lock (_gate)
        {
            if (_newest is { } report && !_isEnded)
                Tell(report);
            _newest = null;
        }
    }

    // What code says never fails: when nobody hears it any more, whoever reads from the link notices and ends what runs.
    private void Tell(Frame frame)
    {
        try
        {
            _frames.Write(frame);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // See above.
        }
    }
}
