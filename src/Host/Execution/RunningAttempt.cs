using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Output;

namespace AptTask.Host.Execution;

/// <summary>
/// One attempt while it runs: what its routine may tell, and how it is told to stop. Reports are gathered: however many come,
/// the engine is told once until it has looked.
/// </summary>
internal sealed class RunningAttempt : AttemptContext, IReportSource, IDisposable
{
    private readonly IAttemptEvents _events;
    private readonly LiveWorkLogs _logs;
    private readonly ExecutionLimits _limits;
    private readonly string _scratchRoot;
    private readonly long _logStart;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _force = new();
    private readonly Lock _gate = new();
    private WorkLog? _log;
    private string? _scratch;
    private double _progress;
    private string? _message;
    private bool _told;
    private bool _isOver;
    private long _postedBytes;
    private Task _posts = System.Threading.Tasks.Task.CompletedTask;

    public RunningAttempt(
        IAttemptEvents events,
        LiveWorkLogs logs,
        ExecutionLimits limits,
        string scratchRoot,
        long logStart
    )
    {
        _events = events;
        _logs = logs;
        _limits = limits;
        _scratchRoot = scratchRoot;
        _logStart = logStart;
        Stop = _stop.Token;
        Force = _force.Token;
    }

    /// <summary>Completes when everything that was posted has been told.</summary>
    public Task PostsTold => _posts;

    /// <inheritdoc/>
    public override string ScratchFolder
    {
        get
        {
            lock (_gate)
                return _scratch ??= Directory.CreateDirectory(Path.Combine(_scratchRoot, Token.ToString())).FullName;
        }
    }

    /// <inheritdoc/>
    public override void Log(LogStream stream, ReadOnlySpan<byte> utf8)
    {
        WorkLog log;
        lock (_gate)
        {
            // Code that goes on after its end, against its promise, has nobody to speak to: the worklog is on its way to the store.
            if (_isOver)
                return;
            log = _log ??= _logs.Open(Token.Value, _logStart);
        }

        log.Append(
            stream switch
            {
                LogStream.Out => "out",
                LogStream.Err => "err",
                _ => "log",
            },
            utf8
        );
    }

    /// <inheritdoc/>
    public override void Report(double progress, string? message)
    {
        lock (_gate)
        {
            _progress = double.IsNaN(progress) ? _progress : Math.Clamp(progress, 0, 1);
            _message = Cut(message) ?? _message;
            if (_told)
                return;
            _told = true;
        }

        _events.Reported(Task, Token, this);
    }

    /// <inheritdoc/>
    public override bool Post(string name, JsonElement data)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(data, JsonElementContext.Default.JsonElement);
        lock (_gate)
        {
            if (_postedBytes + bytes.Length + name.Length > _limits.PostedBytes)
                return false;
            _postedBytes += bytes.Length + name.Length;
            // In their order, and all before the end: the engine takes nothing from an attempt that has ended.
            _posts = TellAsync(_posts, name, bytes);
            return true;
        }
    }

    /// <inheritdoc/>
    public (double Progress, string? Message) Take()
    {
        lock (_gate)
        {
            _told = false;
            return (_progress, _message);
        }
    }

    /// <summary>Asks it to stop; with force at once. Never throws.</summary>
    public void Cancel(bool force)
    {
        // Off the caller's thread: whoever has registered on the tokens runs in these calls. Both at once: who throws when asked to
        // stop is forced all the same. An attempt that ended in this moment is not there to be stopped.
        _ = _stop.CancelAsync();
        if (force)
            _ = _force.CancelAsync();
    }

    /// <summary>A message within the limit.</summary>
    public string? Cut(string? message)
    {
        if (message is null || message.Length <= _limits.MessageLength)
            return message;
        var length = _limits.MessageLength - 1;
        // Half a character is none, and could not be written.
        return message[..(char.IsHighSurrogate(message[length - 1]) ? length - 1 : length)] + "…";
    }

    /// <summary>What was logged, for the store. Those who follow are told of the end only when the engine has been.</summary>
    public WorkLogTail EndLog()
    {
        lock (_gate)
            _isOver = true;
        return _log?.Seal() is var (content, length) ? new WorkLogTail(content, length) : WorkLogTail.Empty;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _force.Dispose();
        _logs.Close(Token.Value);
        if (_scratch is not null && Directory.Exists(_scratch))
            Directory.Delete(_scratch, recursive: true);
    }

    private async Task TellAsync(Task earlier, string name, byte[] bytes)
    {
        await earlier;
        await _events.PostedAsync(Task, Token, name, bytes);
    }
}
