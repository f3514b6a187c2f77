using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>A running task printed or logged.</summary>
public sealed record LogEvent : WireEvent
{
    /// <inheritdoc/>
    [JsonPropertyOrder(-9)]
    public override string Event => "log";

    /// <summary>The byte offset of the text in the worklog.</summary>
    public required long Offset { get; init; }

    /// <summary><c>out</c>, <c>err</c> or <c>log</c>.</summary>
    public required string Stream { get; init; }

    /// <summary>The text; bytes that are not UTF-8 were replaced.</summary>
    public required string Text { get; init; }
}
