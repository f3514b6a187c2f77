namespace AptTask.Host.Configuration;

/// <summary>What happens to runs of a schedule that fell into a time when the daemon was down.</summary>
internal enum MissedRuns
{
    /// <summary>Nothing.</summary>
    Skip,

    /// <summary>However many were missed, one is made up for.</summary>
    Once,
}
