using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>Nothing more follows for this id: the task that was followed is final and all has been told.</summary>
public sealed record EndEvent : WireEvent
{
    /// <inheritdoc/>
    [JsonPropertyOrder(-9)]
    public override string Event => "end";

    /// <summary>A code of <see cref="ErrorCodes"/> when it ended otherwise: <c>events_gone</c> for one who read too slowly.</summary>
    public string? Code { get; init; }
}
