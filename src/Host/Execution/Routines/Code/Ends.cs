using System.Reflection;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Results;
using AptTask.Plugin;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Routines.Code;

/// <summary>Makes ends of attempts out of what code did.</summary>
internal static class Ends
{
    private const int MessageLimit = 2000;
    private const int TraceLimit = 16 * 1024;

    /// <summary>It did what it should and left nothing.</summary>
    public static AttemptEnd Done { get; } = new(AttemptOutcome.Succeeded.Instance);

    /// <summary>It ended since it was told to.</summary>
    public static AttemptEnd Stopped(string? message = null) =>
        new(AttemptOutcome.Stopped.Instance) { Message = message };

    /// <summary>It failed.</summary>
    public static AttemptEnd Failed(FailureReason reason, string? message, bool retryable = true) =>
        new(new AttemptOutcome.Failed(reason, retryable))
        {
            Message = message is null ? null : Cut(message, MessageLimit),
        };

    /// <summary>Code threw. What it threw may be anything, also something that throws again when it is looked at.</summary>
    public static AttemptEnd FromException(Exception thrown, AttemptContext attempt)
    {
        var exception = Unwrap(thrown);
        if (attempt.Stop.IsCancellationRequested)
        {
            if (exception is not OperationCanceledException)
                LogTrace(attempt, exception);
            return Stopped();
        }
        if (exception is TooLargeException)
            return Failed(FailureReason.ResultTooLarge, MessageOf(exception));
        if (exception is UnwritableValueException)
            return Failed(FailureReason.Exception, MessageOf(exception));
        if (exception is not RoutineFailedException || exception.InnerException is not null)
            LogTrace(attempt, exception);
        return exception switch
        {
            DoNotRetryException => Failed(FailureReason.Exception, MessageOf(exception), retryable: false),
            RoutineFailedException => Failed(FailureReason.Exception, MessageOf(exception)),
            OutOfMemoryException => Failed(FailureReason.Memory, "The routine asked for more memory than there is."),
            _ => Failed(FailureReason.Exception, $"{exception.GetType().Name}: {MessageOf(exception)}"),
        };
    }

    private static Exception Unwrap(Exception thrown)
    {
        var exception = thrown;
        while (
            exception is TargetInvocationException or TypeInitializationException
            && exception.InnerException is { } inner
        )
        {
            exception = inner;
        }
        return exception is AggregateException { InnerExceptions.Count: 1 } one ? one.InnerExceptions[0] : exception;
    }

    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message ?? "";
        }
        // Foreign code: whatever it throws here must not hide that the routine failed.
        catch (Exception)
        {
            return "its message cannot be read, since reading it throws as well";
        }
    }

    private static void LogTrace(AttemptContext attempt, Exception exception)
    {
        string text;
        try
        {
            text = exception.ToString();
        }
        // See MessageOf.
        catch (Exception)
        {
            text = $"{exception.GetType()}: its text cannot be read, since reading it throws as well";
        }
        AttemptRoutineContext.Log(attempt, Cut(text, TraceLimit));
    }

    private static string Cut(string text, int limit) =>
        text.Length <= limit ? text : string.Concat(text.AsSpan(0, limit), "…");
}
