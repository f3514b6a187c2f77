using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>A task moved.</summary>
public sealed record StateEvent : WireEvent
{
    /// <inheritdoc/>
    [JsonPropertyOrder(-9)]
    public override string Event => "state";

    /// <summary>Grows by one with each event of the group that has one.</summary>
    [JsonPropertyOrder(-8)]
    public required long Seq { get; init; }

    /// <summary>Where it stands now.</summary>
    public required string State { get; init; }

    /// <summary>Why, where there is a why.</summary>
    public string? Reason { get; init; }

    /// <summary>The number of the attempt, once there is one.</summary>
    public int? Attempt { get; init; }

    /// <summary>It has been told to stop and still runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Stopping { get; init; }
}
