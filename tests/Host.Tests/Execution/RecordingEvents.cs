using System.Collections.Concurrent;
using System.Threading.Channels;
using AptTask.Host.Engine;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Execution;

/// <summary>The engine's side of an attempt: notes what it is told.</summary>
internal sealed class RecordingEvents : IAttemptEvents
{
    private readonly Channel<(AttemptToken Token, AttemptEnd End, WorkLogTail Log)> _ends = Channel.CreateUnbounded<(
        AttemptToken,
        AttemptEnd,
        WorkLogTail
    )>();
    private readonly ConcurrentQueue<string> _posted = new();
    private int _reports;

    public int Reports => Volatile.Read(ref _reports);

    public IReadOnlyList<string> Posted => [.. _posted];

    public ValueTask EndedAsync(TaskId task, AttemptToken token, AttemptEnd end, WorkLogTail log) =>
        _ends.Writer.WriteAsync((token, end, log));

    public void Reported(TaskId task, AttemptToken token, IReportSource source) => Interlocked.Increment(ref _reports);

    public ValueTask PostedAsync(TaskId task, AttemptToken token, string name, byte[] data)
    {
        _posted.Enqueue(name);
        return ValueTask.CompletedTask;
    }

    public async Task<(AttemptEnd End, WorkLogTail Log)> NextEndAsync()
    {
        var (_, end, log) = await _ends
            .Reader.ReadAsync(TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(TimeSpan.FromSeconds(20));
        return (end, log);
    }

    /// <summary>An end that nobody took yet; null if there is none.</summary>
    public AttemptEnd? TakeEnd() => _ends.Reader.TryRead(out var ended) ? ended.End : null;
}
