namespace AptTask.Plugin;

/// <summary>
/// Says that the routine failed, with a message that is meant for people and is shown to them as it is. Any other
/// exception fails the attempt as well, but is shown with its type, as something that its author did not foresee.
/// </summary>
public class RoutineFailedException : Exception
{
    /// <summary>The routine failed; there is no more to say.</summary>
    public RoutineFailedException()
        : base("The routine failed.") { }

    /// <summary>The routine failed.</summary>
    /// <param name="message">What went wrong and what can be done, for people.</param>
    public RoutineFailedException(string message)
        : base(message) { }

    /// <summary>The routine failed because of something else.</summary>
    /// <param name="message">What went wrong and what can be done, for people.</param>
    /// <param name="innerException">What it was; it goes into the worklog.</param>
    public RoutineFailedException(string message, Exception innerException)
        : base(message, innerException) { }
}
