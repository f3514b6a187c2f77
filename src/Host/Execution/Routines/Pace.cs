namespace AptTask.Host.Execution.Routines;

/// <summary>
/// Remembers whether a routine gives its thread back quickly. One that does runs on the thread pool, which costs next to nothing;
/// one that holds its thread, or is not known yet, gets a thread of its own, so that it cannot starve the daemon.
/// </summary>
internal sealed class Pace(TimeProvider time)
{
    private const int QuickRunsToTrust = 3;

    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(5);

    private int _quickRuns;

    /// <summary>Whether the last runs were quick.</summary>
    public bool IsQuick => Volatile.Read(ref _quickRuns) >= QuickRunsToTrust;

    /// <summary>A moment to measure from.</summary>
    public long Begin() => time.GetTimestamp();

    /// <summary>The thread was given back.</summary>
    public void End(long begin)
    {
        if (time.GetElapsedTime(begin) > Quick)
            Volatile.Write(ref _quickRuns, 0);
        else if (!IsQuick)
            Interlocked.Increment(ref _quickRuns);
    }
}
