using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>A worker.</summary>
public sealed record WorkerView
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>local</c> or <c>remote</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>idle</c>, <c>busy</c>, <c>ending</c>, or <c>draining</c>: it is given nothing more.</summary>
    public required string State { get; init; }

    /// <summary>Its process on its machine.</summary>
    public int? Pid { get; init; }

    /// <summary>Where it is.</summary>
    public string? Address { get; init; }

    /// <summary>The version of its program, when it is on another machine.</summary>
    public string? Version { get; init; }

    /// <summary>The places that it offers, by lane, when it is on another machine.</summary>
    public IReadOnlyDictionary<string, int>? Lanes { get; init; }

    /// <summary>How many routines it offers, when it is on another machine.</summary>
    public int? Routines { get; init; }

    /// <summary>How long the link has been there.</summary>
    public double? LinkAgeSeconds { get; init; }

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
