namespace AptTask.Host.Engine;

/// <summary>What the engine has done since it started. Loop only; copied for others.</summary>
internal sealed record EngineCounts
{
    /// <summary>Tasks accepted.</summary>
    public long Accepted { get; set; }

    /// <summary>Submissions refused.</summary>
    public long Refused { get; set; }

    /// <summary>Attempts started.</summary>
    public long Started { get; set; }

    /// <summary>Tasks that ended as done.</summary>
    public long Done { get; set; }

    /// <summary>Tasks that ended as failed.</summary>
    public long Failed { get; set; }

    /// <summary>Tasks that ended as skipped.</summary>
    public long Skipped { get; set; }

    /// <summary>Tasks that ended as stopped.</summary>
    public long Stopped { get; set; }

    /// <summary>Ends that came for attempts that no longer ran.</summary>
    public long StaleEnds { get; set; }

    /// <summary>Batches committed.</summary>
    public long Commits { get; set; }

    /// <summary>Letters taken.</summary>
    public long Letters { get; set; }
}
