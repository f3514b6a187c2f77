using System.Text.Json;
using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>A running routine posted data.</summary>
public sealed record PostedEvent : WireEvent
{
    /// <inheritdoc/>
    [JsonPropertyOrder(-9)]
    public override string Event => "posted";

    /// <summary>Grows by one with each event of the group that has one.</summary>
    [JsonPropertyOrder(-8)]
    public required long Seq { get; init; }

    /// <summary>The name of the data; a name again replaces the data.</summary>
    public required string Name { get; init; }

    /// <summary>The data; null when it is too large for an event: <c>result</c> has it.</summary>
    public JsonElement? Data { get; init; }
}
