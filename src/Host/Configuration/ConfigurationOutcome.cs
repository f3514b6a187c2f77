using System.Collections.Immutable;

namespace AptTask.Host.Configuration;

/// <summary>What reading the files came to. With problems there are no options: a broken file changes nothing.</summary>
internal sealed record ConfigurationOutcome
{
    /// <summary>The options; null when there are problems.</summary>
    public DaemonOptions? Options { get; init; }

    /// <summary>The whitelist; null when there are problems.</summary>
    public Whitelist? Whitelist { get; init; }

    /// <summary>The keys; empty when none are configured.</summary>
    public ImmutableArray<KeyEntry> Keys { get; init; } = [];

    /// <summary>Everything that is wrong.</summary>
    public ImmutableArray<ConfigurationProblem> Problems { get; init; } = [];

    /// <summary>What holds, but should be looked at.</summary>
    public ImmutableArray<ConfigurationProblem> Warnings { get; init; } = [];
}
