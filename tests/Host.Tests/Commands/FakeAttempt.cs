using System.Text;
using System.Text.Json;
using AptTask.Host.Engine;

namespace AptTask.Host.Tests.Commands;

/// <summary>An attempt that keeps what it is told.</summary>
internal sealed class FakeAttempt : AttemptContext, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LogStream, StringBuilder> _log = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _scratch = Path.Combine(AppContext.BaseDirectory, "scratch", Guid.NewGuid().ToString("N"));

    /// <summary>Completes when the command has written "ready".</summary>
    public Task Ready => _ready.Task;

    public override string ScratchFolder => Directory.CreateDirectory(_scratch).FullName;

    public string Text(LogStream stream)
    {
        lock (_gate)
            return _log.TryGetValue(stream, out var text) ? text.ToString() : "";
    }

    public override void Log(LogStream stream, ReadOnlySpan<byte> utf8)
    {
        lock (_gate)
        {
            if (!_log.TryGetValue(stream, out var text))
                text = _log[stream] = new StringBuilder();
            text.Append(Encoding.Latin1.GetString(utf8));
        }
        if (Text(LogStream.Out).Contains("ready", StringComparison.Ordinal))
            _ready.TrySetResult();
    }

    public override void Report(double progress, string? message) { }

    public override bool Post(string name, JsonElement data) => true;

    public void Dispose()
    {
        if (Directory.Exists(_scratch))
            Directory.Delete(_scratch, recursive: true);
    }
}
