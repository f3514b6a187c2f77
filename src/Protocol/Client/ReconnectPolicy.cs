namespace AptTask.Protocol;

/// <summary>How a lost connection is made anew.</summary>
/// <param name="Attempts">How often it is tried before the loss is told.</param>
public sealed record ReconnectPolicy(int Attempts = 10)
{
    /// <summary>The delay before the second attempt; each further one is twice as long. The first comes at once.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>No delay is longer.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The delay before an attempt.</summary>
    /// <param name="attempt">From 0.</param>
    /// <param name="draw">From 0 to 1: the delay lies between its half and its whole.</param>
    public TimeSpan DelayBefore(int attempt, double draw)
    {
        if (attempt == 0)
            return TimeSpan.Zero;
        var whole = Math.Min(FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 30)), MaxDelay.TotalSeconds);
        return TimeSpan.FromSeconds(whole * (0.5 + (draw / 2)));
    }
}
