using System.Collections.Immutable;

namespace AptTask.Host.Configuration;

/// <summary>One <c>[[key]]</c> of <c>keys.toml</c>. The secret itself is not kept, except for a <see cref="Legacy"/> word.</summary>
internal sealed record KeyEntry
{
    /// <summary>Its public part.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the secret part, 32 bytes; of <see cref="Legacy"/> for an old client's key.</summary>
    public required ImmutableArray<byte> Sha256 { get; init; }

    /// <summary>What it is for.</summary>
    public required KeyRole Role { get; init; }

    /// <summary>Its group, or patterns of the groups that its requests may name. One name without <c>*</c> is the group of every request.</summary>
    public required ImmutableArray<string> Groups { get; init; }

    /// <summary>Patterns of the routines it may use; empty for all.</summary>
    public ImmutableArray<string> Allow { get; init; } = [];

    /// <summary>The highest priority it may give; null for no limit.</summary>
    public int? MaxPriority { get; init; }

    /// <summary>How many of its tasks may run at once; null for no limit.</summary>
    public int? Running { get; init; }

    /// <summary>How many of its tasks may be pending; null for no limit.</summary>
    public int? Pending { get; init; }

    /// <summary>It does not hold after this instant.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>The word that clients of the old protocol send as <c>key</c>; null for a key of today.</summary>
    public string? Legacy { get; init; }

    /// <summary>For people.</summary>
    public string? Note { get; init; }

    /// <summary>The line in its file.</summary>
    public int Line { get; init; }
}
