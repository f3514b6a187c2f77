namespace AptTask.Host.Configuration;

/// <summary>The table <c>retry</c> of a routine.</summary>
/// <param name="Attempts">All attempts together.</param>
/// <param name="Exponential">The delay doubles; else it stays.</param>
/// <param name="Delay">Before the second attempt.</param>
/// <param name="MaxDelay">No delay is longer.</param>
/// <param name="Jitter">0 to 1: the share of the delay that is drawn anew.</param>
internal sealed record RetryEntry(int Attempts, bool Exponential, TimeSpan Delay, TimeSpan MaxDelay, double Jitter);
