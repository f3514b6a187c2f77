namespace AptTask.Host.Engine;

/// <summary>What the ledger has to know of the configuration.</summary>
internal sealed record LedgerOptions
{
    /// <summary>How long a fetched result stays that nobody acknowledges, and one that nobody asked to be kept.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many state events a group keeps for watchers that come late.</summary>
    public int EventsPerGroup { get; init; } = 4096;

    /// <summary>How many bytes of results stay in memory beside the store.</summary>
    public long CachedResultBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How many bytes of worklog are kept of all attempts of a task together.</summary>
    public long WorkLogBytes { get; init; } = 16 * 1024 * 1024;
}
