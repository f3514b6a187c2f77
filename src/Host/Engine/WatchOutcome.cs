namespace AptTask.Host.Engine;

/// <summary>What became of a wish to watch.</summary>
internal abstract record WatchOutcome
{
    private WatchOutcome() { }

    /// <summary>Events come from now on, without a gap.</summary>
    /// <param name="Subscription">Ends the watching.</param>
    /// <param name="Sequence">The number of the newest event so far.</param>
    public sealed record Watching(Subscription Subscription, long Sequence) : WatchOutcome;

    /// <summary>Some of the events asked for are no longer here.</summary>
    /// <param name="OldestSequence">The oldest that can be had.</param>
    public sealed record EventsGone(long OldestSequence) : WatchOutcome;
}
