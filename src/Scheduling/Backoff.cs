namespace AptTask.Scheduling;

/// <summary>How the delay before a retry grows.</summary>
public enum Backoff
{
    /// <summary>The same delay each time.</summary>
    Fixed,

    /// <summary>Twice the last delay each time, up to the greatest delay.</summary>
    Exponential,
}
