using System.Collections.Concurrent;
using System.Threading.Channels;
using AptTask.Host.Engine;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Engine;

/// <summary>Runs nothing: shows what the engine starts and stops, and ends attempts when the test says so.</summary>
internal sealed class ScriptedRunner : IAttemptRunner
{
    private readonly Channel<AttemptOrder> _started = Channel.CreateUnbounded<AttemptOrder>();
    private readonly Channel<(AttemptToken Token, bool Force)> _stopped = Channel.CreateUnbounded<(
        AttemptToken,
        bool
    )>();
    private readonly ConcurrentDictionary<AttemptToken, (AttemptOrder Order, IAttemptEvents Engine)> _all = new();

    /// <summary>Whether attempts end at once when they are asked to stop.</summary>
    public bool Obeys { get; set; }

    /// <summary>How many attempts were started in all.</summary>
    public int Starts => _all.Count;

    public void Start(AttemptOrder attempt, IAttemptEvents events)
    {
        // The contract of the engine: an attempt is started once.
        Assert.True(_all.TryAdd(attempt.Token, (attempt, events)), $"Attempt {attempt.Token} was started twice.");
        _started.Writer.TryWrite(attempt);
    }

    public void Stop(AttemptToken token, bool force)
    {
        _stopped.Writer.TryWrite((token, force));
        if (Obeys)
            _ = EndAsync(_all[token].Order, new AttemptEnd(AttemptOutcome.Stopped.Instance)).AsTask();
    }

    /// <summary>The next attempt that the engine starts.</summary>
    public Task<AttemptOrder> NextStartAsync() =>
        _started.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(EngineBench.Patience);

    /// <summary>An attempt that has been started already and was not looked at; null if there is none.</summary>
    public AttemptOrder? TakeStart() => _started.Reader.TryRead(out var order) ? order : null;

    /// <summary>The next attempt that the engine wants stopped.</summary>
    public Task<(AttemptToken Token, bool Force)> NextStopAsync() =>
        _stopped.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(EngineBench.Patience);

    /// <summary>Tells the engine that started it how an attempt ended.</summary>
    public ValueTask EndAsync(AttemptOrder attempt, AttemptEnd end, WorkLogTail log = default) =>
        _all[attempt.Token].Engine.EndedAsync(attempt.Spec.Id, attempt.Token, end, log);

    public ValueTask SucceedAsync(AttemptOrder attempt, string? data = null) =>
        EndAsync(
            attempt,
            new AttemptEnd(AttemptOutcome.Succeeded.Instance)
            {
                Data = data is null ? default : System.Text.Encoding.UTF8.GetBytes(data),
            }
        );

    public ValueTask FailAsync(AttemptOrder attempt, FailureReason reason = FailureReason.ExitCode) =>
        EndAsync(attempt, new AttemptEnd(new AttemptOutcome.Failed(reason)) { ExitCode = 3, Message = "It broke." });

    public ValueTask PostAsync(AttemptOrder attempt, string name, string json) =>
        _all[attempt.Token]
            .Engine.PostedAsync(attempt.Spec.Id, attempt.Token, name, System.Text.Encoding.UTF8.GetBytes(json));
}
