using System.Collections.Immutable;

namespace AptTask.Host.Configuration;

/// <summary>What the administrator may say about running anything, whichever table it stands in.</summary>
internal abstract record RoutineRules
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Who may run it: <c>group:NAME</c> (with <c>*</c>), <c>role:NAME</c>, <c>key:ID</c>. Empty: everyone.</summary>
    public ImmutableArray<string> Allow { get; init; } = [];

    /// <summary>Its lane; null for <c>default</c>, or what the author says.</summary>
    public string? Lane { get; init; }

    /// <summary>Other lanes that a client may choose.</summary>
    public ImmutableArray<string> Lanes { get; init; } = [];

    /// <summary>How long an attempt may take; null for what the author says.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How many places it needs; null for what the author says, or 1.</summary>
    public int? Weight { get; init; }

    /// <summary>How many may run at once; null for no limit.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Running it twice does no harm; null for what the author says, or false.</summary>
    public bool? Idempotent { get; init; }

    /// <summary>The retries that hold when a client does not say; null for what the author says, or none.</summary>
    public RetryEntry? Retry { get; init; }

    /// <summary>The line in its file.</summary>
    public int Line { get; init; }
}
