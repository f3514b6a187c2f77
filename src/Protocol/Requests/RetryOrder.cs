namespace AptTask.Protocol;

/// <summary>What a client asks about retries.</summary>
/// <param name="Attempts">All attempts together, 1 or more.</param>
public sealed record RetryOrder(int Attempts)
{
    /// <summary>How the delay grows.</summary>
    public RetryBackoff? Backoff { get; init; }

    /// <summary>The delay before the second attempt.</summary>
    public double? DelaySeconds { get; init; }

    /// <summary>No delay is longer.</summary>
    public double? MaxDelaySeconds { get; init; }

    /// <summary>0 to 1: the share of the delay that is drawn anew each time.</summary>
    public double? Jitter { get; init; }
}
