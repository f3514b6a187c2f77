namespace AptTask.Plugin;

/// <summary>Says that the routine failed and would fail again: no further attempt is made, whatever the task's retry policy.</summary>
public sealed class DoNotRetryException : RoutineFailedException
{
    /// <summary>The routine failed for good; there is no more to say.</summary>
    public DoNotRetryException()
        : base("The routine failed, and another attempt would fail as well.") { }

    /// <summary>The routine failed for good.</summary>
    /// <param name="message">What went wrong and what can be done, for people.</param>
    public DoNotRetryException(string message)
        : base(message) { }

    /// <summary>The routine failed for good because of something else.</summary>
    /// <param name="message">What went wrong and what can be done, for people.</param>
    /// <param name="innerException">What it was; it goes into the worklog.</param>
    public DoNotRetryException(string message, Exception innerException)
        : base(message, innerException) { }
}
