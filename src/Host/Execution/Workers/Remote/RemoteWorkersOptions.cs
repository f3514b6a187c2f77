namespace AptTask.Host.Execution.Workers.Remote;

/// <summary>How links to workers on other machines are kept.</summary>
/// <param name="Heartbeat">How often a worker gives a sign of life.</param>
/// <param name="Lease">After this time without an answer a worker ends what it runs. The daemon waits half as long again.</param>
/// <param name="FirstFrame">How long a worker may take to say who it is.</param>
/// <param name="MaxFrame">The longest frame of a worker, in bytes.</param>
internal sealed record RemoteWorkersOptions(TimeSpan Heartbeat, TimeSpan Lease, TimeSpan FirstFrame, int MaxFrame)
{
    /// <summary>The version of the frames.</summary>
    public const int FramesVersion = 1;

    /// <summary>When the daemon takes a silent worker for gone: later than the worker itself has given up, so that nothing runs twice.</summary>
    public TimeSpan Patience => Lease * 1.5;
}
