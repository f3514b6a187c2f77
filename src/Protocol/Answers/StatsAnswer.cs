namespace AptTask.Protocol;

/// <summary>Counts and measures of the daemon.</summary>
public sealed record StatsAnswer : Answer
{
    /// <summary>The version of the daemon.</summary>
    public required string Version { get; init; }

    /// <summary>Its process.</summary>
    public int? Pid { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long ago.</summary>
    public required double UptimeSeconds { get; init; }

    /// <summary>Tasks by state; kept results are among the final states.</summary>
    public required IReadOnlyDictionary<string, long> States { get; init; }

    /// <summary>Tasks that are not final, by lane.</summary>
    public IReadOnlyDictionary<string, long>? Lanes { get; init; }

    /// <summary>Tasks that are not final, by routine.</summary>
    public IReadOnlyDictionary<string, long>? Routines { get; init; }

    /// <summary>Tasks that are not final, by group.</summary>
    public IReadOnlyDictionary<string, long>? Groups { get; init; }

    /// <summary>Since the start: submitted, started, done, failed, skipped, stopped, retried, lost, ….</summary>
    public IReadOnlyDictionary<string, long>? Totals { get; init; }

    /// <summary>Per second over the last minute: submitted, started, finished.</summary>
    public IReadOnlyDictionary<string, double>? Rates { get; init; }

    /// <summary>In seconds, by what was measured and quantile: <c>queued_p50</c>, <c>run_p99</c>, <c>commit_p99</c>, ….</summary>
    public IReadOnlyDictionary<string, double>? Latencies { get; init; }

    /// <summary>The store.</summary>
    public StoreStats? Store { get; init; }

    /// <summary>Memory of the daemon itself.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Open connections.</summary>
    public int? Connections { get; init; }

    /// <summary>It starts nothing more.</summary>
    public bool? Draining { get; init; }
}
