using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>A worker.</summary>
public sealed record WorkerView
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>local</c> or <c>remote</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>starting</c>, <c>idle</c>, <c>busy</c> or <c>ending</c>.</summary>
    public required string State { get; init; }

    /// <summary>Its process on its machine.</summary>
    public int? Pid { get; init; }

    /// <summary>Where it is.</summary>
    public string? Address { get; init; }

    /// <summary>What it runs.</summary>
    [JsonPropertyName("taskids")]
    public IReadOnlyList<long>? TaskIds { get; init; }

    /// <summary>How many tasks it has run.</summary>
    public long? Finished { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When it last gave a sign of life.</summary>
    public DateTimeOffset? Seen { get; init; }

    /// <summary>Its memory.</summary>
    public long? MemoryBytes { get; init; }
}
