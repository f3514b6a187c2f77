namespace AptTask.Scheduling;

/// <summary>What an outcome means for one who waited for it.</summary>
internal enum Verdict
{
    /// <summary>Nobody knows yet.</summary>
    Open,

    /// <summary>It ended as was asked.</summary>
    Met,

    /// <summary>It can no longer end as was asked.</summary>
    Impossible,
}
