using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Routines;

/// <summary>An attempt that remembers what it was told.</summary>
internal sealed class RecordingAttempt : AttemptContext, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _force = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _log = new();
    private readonly Lazy<string> _scratch = new(() => Directory.CreateTempSubdirectory("aptask-attempt-").FullName);

    private RecordingAttempt()
    {
        Stop = _stop.Token;
        Force = _force.Token;
    }

    public ConcurrentQueue<(double Progress, string? Message)> Reports { get; } = new();

    public ConcurrentDictionary<string, string> Posted { get; } = new();

    /// <summary>Completes with the first report.</summary>
    public Task Begun => _begun.Task;

    public string LogText
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public override string ScratchFolder => _scratch.Value;

    public static RecordingAttempt With(
        string arguments = "{}",
        params (string Job, DependencyResult Result)[] dependencies
    ) =>
        new()
        {
            Task = new TaskId(17),
            Token = new AttemptToken(99),
            Number = 2,
            Group = new GroupName("web"),
            Job = new JobId("job-a"),
            Arguments = Encoding.UTF8.GetBytes(arguments),
            Dependencies = dependencies.ToDictionary(pair => pair.Job, pair => pair.Result),
        };

    public void AskToStop() => _stop.Cancel();

    public void ForceToStop() => _force.Cancel();

    public override void Log(LogStream stream, ReadOnlySpan<byte> utf8)
    {
        lock (_log)
            _log.Append(Encoding.UTF8.GetString(utf8));
    }

    public override void Report(double progress, string? message)
    {
        Reports.Enqueue((progress, message));
        _begun.TrySetResult();
    }

    public override bool Post(string name, JsonElement data)
    {
        Posted[name] = data.GetRawText();
        return true;
    }

    public void Dispose()
    {
        if (_scratch.IsValueCreated)
            Directory.Delete(_scratch.Value, recursive: true);
        _stop.Dispose();
        _force.Dispose();
    }
}
