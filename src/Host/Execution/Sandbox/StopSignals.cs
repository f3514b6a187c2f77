namespace AptTask.Host.Execution.Sandbox;

/// <summary>
/// Ends one process and its group: politely, then by force. Notes before the first signal what it has used. In a fence with
/// namespaces the polite signal goes to the command's group inside, and force to the fence, with which everything in it ends.
/// </summary>
internal sealed class StopSignals(int root, TimeSpan grace, TimeProvider time, FencedStart? start = null)
{
    private readonly Lock _gate = new();
    private ITimer? _alarm;
    private bool _isClosed;

    /// <summary>Whether it was told to end while it ran.</summary>
    public bool WasAsked { get; private set; }

    /// <summary>Its processor time when it was told.</summary>
    public double? CpuSeconds { get; private set; }

    /// <summary>Its peak of memory when it was told.</summary>
    public long? PeakMemory { get; private set; }

    /// <summary>Sends TERM to the group, and KILL when the grace is over.</summary>
    public void Ask()
    {
        lock (_gate)
        {
            if (_isClosed || WasAsked)
                return;
            Note_NeedsLock();
            Send(Native.SignalTerminate);
            // One that is stopped hears nothing until it goes on.
            Send(Native.SignalContinue);
            _alarm = time.CreateTimer(
                static state => ((StopSignals)state!).Force(),
                this,
                grace,
                Timeout.InfiniteTimeSpan
            );
        }
    }

    /// <summary>Sends KILL to the group.</summary>
    public void Force()
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            if (!WasAsked)
                Note_NeedsLock();
            Signal(root, Native.SignalKill);
        }
    }

    /// <summary>It has ended by whatever cause: its number may be given to another process from now on.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _alarm?.Dispose();
        }
    }

    private void Send(int signal)
    {
        if (start is not { HasNamespaces: true })
            Signal(root, signal);
        // As long as there is no command inside, the fence goes at once; one without its command is of no use.
        else if (start.Inside(root) is not { } inside || !Native.Signal(-inside, signal))
            Signal(root, signal);
    }

    private static void Signal(int process, int signal)
    {
        // In its first instants it still is in our group and has none of its own.
        if (!Native.Signal(-process, signal))
            Native.Signal(process, signal);
    }

    private void Note_NeedsLock()
    {
        WasAsked = true;
        if (start is not { HasNamespaces: true })
            (CpuSeconds, PeakMemory) = ProcessTable.Usage(root);
    }
}
