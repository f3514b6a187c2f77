using System.Collections.Immutable;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>What the administrator or the author says about running a routine.</summary>
internal sealed record RoutinePolicy
{
    /// <summary>Its lane; null for <c>default</c>.</summary>
    public string? Lane { get; init; }

    /// <summary>Other lanes that a client may choose.</summary>
    public ImmutableArray<string> Lanes { get; init; } = [];

    /// <summary>How many places it needs; a client may only raise it.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>How long an attempt may take; a client may only lower it. Null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Running it twice does no harm.</summary>
    public bool Idempotent { get; init; }

    /// <summary>The retries that hold when a client does not say; null for none.</summary>
    public RetryPolicy? Retry { get; init; }

    /// <summary>How many of it may run at once; null for no limit.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Who may run it: <c>group:NAME</c> (with <c>*</c>), <c>role:NAME</c>, <c>key:ID</c>. Empty: everyone who has a key.</summary>
    public ImmutableArray<string> Allow { get; init; } = [];
}
