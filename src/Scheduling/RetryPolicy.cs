namespace AptTask.Scheduling;

/// <summary>How often and when a failed attempt is followed by another.</summary>
/// <param name="Attempts">All attempts together, 1 or more; 1 means no retry.</param>
/// <param name="Backoff">How the delay grows.</param>
/// <param name="Delay">The delay before the second attempt.</param>
/// <param name="MaxDelay">No delay is longer, jitter left out.</param>
/// <param name="Jitter">0 to 1: the share of the delay that is drawn anew each time, so that failures do not march in step.</param>
public sealed record RetryPolicy(int Attempts, Backoff Backoff, TimeSpan Delay, TimeSpan MaxDelay, double Jitter)
{
    /// <summary>One attempt and no more.</summary>
    public static RetryPolicy Never { get; } = new(1, Backoff.Fixed, TimeSpan.Zero, TimeSpan.Zero, 0);

    /// <summary>The delay between a failed attempt and the next.</summary>
    /// <param name="attempt">The number of the attempt that failed, from 1.</param>
    /// <param name="draw">A draw from 0 to 1. With a jitter of 0.2 the delay is 80 % fixed, and the rest is multiplied by the draw.</param>
    public TimeSpan DelayAfter(int attempt, double draw)
    {
        var delay = (double)Delay.Ticks;
        if (Backoff == Backoff.Exponential)
            delay *= Math.Pow(2, attempt - 1);
        delay = Math.Min(delay, MaxDelay.Ticks);
        var jitter = Math.Clamp(Jitter, 0, 1);
        delay *= 1 - jitter + jitter * Math.Clamp(draw, 0, 1);
        return TimeSpan.FromTicks((long)Math.Max(delay, 0));
    }
}
