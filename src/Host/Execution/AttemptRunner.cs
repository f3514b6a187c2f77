using System.Collections.Concurrent;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Output;
using AptTask.Scheduling;

namespace AptTask.Host.Execution;

/// <summary>
/// Runs attempts: looks the routine up anew, checks the rights and binds the arguments with what holds today, runs it, and tells
/// the end. What is no longer allowed ends as revoked, without having run. It decides nothing about what runs when.
/// </summary>
internal sealed partial class AttemptRunner(
    IRoutineCatalogue catalogue,
    IRequesterDirectory requesters,
    LiveWorkLogs logs,
    ExecutionLimits limits,
    string scratchRoot,
    ILogger<AttemptRunner> log
) : IAttemptRunner
{
    private readonly ConcurrentDictionary<AttemptToken, RunningAttempt> _running = new();

    /// <inheritdoc/>
    public void Start(AttemptOrder attempt, IAttemptEvents events)
    {
        var running = new RunningAttempt(events, logs, limits, scratchRoot, attempt.WorkLogLength)
        {
            Task = attempt.Spec.Id,
            Token = attempt.Token,
            Number = attempt.Number,
            Group = attempt.Spec.Group,
            Job = attempt.Spec.Job,
            Lane = attempt.Spec.Lane,
            Weight = attempt.Spec.Weight,
            Arguments = attempt.Order.Arguments,
            Dependencies = attempt.Dependencies,
        };
        // Known before it starts, so that a stop that follows at once finds it.
        _running[attempt.Token] = running;
        ThreadPool.UnsafeQueueUserWorkItem(
            static work => _ = work.Runner.RunAsync(work.Attempt, work.Running, work.Events),
            (Runner: this, Attempt: attempt, Running: running, Events: events),
            preferLocal: false
        );
    }

    /// <inheritdoc/>
    public void Stop(AttemptToken token, bool force)
    {
        if (_running.TryGetValue(token, out var running))
            running.Cancel(force);
    }

    private async Task RunAsync(AttemptOrder attempt, RunningAttempt running, IAttemptEvents events)
    {
        AttemptEnd end;
        try
        {
            end = Bounded(await RunRoutineAsync(attempt, running), running);
            await running.PostsTold;
        }
        catch (Exception e)
        {
            // Foreign code was called: whatever it throws ends its own attempt and nothing else.
            LogBroken(e, attempt.Spec.Id.Value, attempt.Order.Routine);
            end = new AttemptEnd(new AttemptOutcome.Failed(FailureReason.Exception))
            {
                Message = running.Cut($"The routine could not be run: {e.GetType().Name}."),
            };
        }

        _running.TryRemove(attempt.Token, out _);
        await events.EndedAsync(attempt.Spec.Id, attempt.Token, end, running.EndLog());
        try
        {
            running.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The scratch folder stays; the daemon clears what is left of earlier lives when it starts.
            LogScratchLeft(e, attempt.Spec.Id.Value);
        }
    }

    private async Task<AttemptEnd> RunRoutineAsync(AttemptOrder attempt, RunningAttempt running)
    {
        if (catalogue.Find(attempt.Order.Routine) is not { } routine)
            return Revoked("The routine is no longer there.");
        if (
            requesters.Find(attempt.Order.Key, attempt.Order.Role) is not { } requester
            || !requester.MayRun(routine.Descriptor, attempt.Spec.Group)
        )
        {
            return Revoked("Whoever asked may no longer run this routine.");
        }

        if (routine.Descriptor.Unavailable is { } why)
            return new AttemptEnd(new AttemptOutcome.Failed(FailureReason.SandboxFailed)) { Message = why };
        if (Bind(routine, attempt.Order.Arguments) is Binding.Refused refused)
            return Revoked($"The arguments are no longer allowed: {refused.Message}");
        return running.Stop.IsCancellationRequested
            ? new AttemptEnd(AttemptOutcome.Stopped.Instance)
            : await routine.RunAsync(running);
    }

    private static Binding Bind(IRunnableRoutine routine, byte[] arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        return routine.Bind(document.RootElement, BindingMode.Strict);
    }

    private AttemptEnd Bounded(AttemptEnd end, RunningAttempt running) =>
        end.Data.Length > limits.ResultBytes
            ? new AttemptEnd(new AttemptOutcome.Failed(FailureReason.ResultTooLarge, Retryable: false))
            {
                ExitCode = end.ExitCode,
                Usage = end.Usage,
                Message =
                    $"The result has {end.Data.Length} bytes; {limits.ResultBytes} are allowed (results.max_result).",
            }
            : end with
            {
                Message = running.Cut(end.Message),
            };

    private static AttemptEnd Revoked(string message) =>
        new(new AttemptOutcome.Failed(FailureReason.Revoked)) { Message = message };

    [LoggerMessage(2001, LogLevel.Error, "Task {Task}: the routine {Routine} broke.")]
    private partial void LogBroken(Exception exception, long task, string routine);

    [LoggerMessage(2002, LogLevel.Warning, "Task {Task}: its scratch folder could not be removed.")]
    private partial void LogScratchLeft(Exception exception, long task);
}
