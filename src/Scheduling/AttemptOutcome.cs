namespace AptTask.Scheduling;

/// <summary>How an attempt ended, as the one who ran it saw it.</summary>
public abstract record AttemptOutcome
{
    private AttemptOutcome() { }

    /// <summary>It did what it should. Also true when a stop came too late.</summary>
    public sealed record Succeeded : AttemptOutcome
    {
        /// <summary>The one instance.</summary>
        public static Succeeded Instance { get; } = new();
    }

    /// <summary>It did not.</summary>
    /// <param name="Reason">Why. <see cref="FailureReason.Lost"/> and <see cref="FailureReason.Revoked"/> have rules of their own.</param>
    /// <param name="Retryable">False when the routine said that trying again is of no use.</param>
    public sealed record Failed(FailureReason Reason, bool Retryable = true) : AttemptOutcome;

    /// <summary>It ended because it was told to stop.</summary>
    public sealed record Stopped : AttemptOutcome
    {
        /// <summary>The one instance.</summary>
        public static Stopped Instance { get; } = new();
    }
}
