using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>A running routine said how far it is. Only the newest counts; some may be left out.</summary>
public sealed record ReportEvent : WireEvent
{
    /// <inheritdoc/>
    [JsonPropertyOrder(-9)]
    public override string Event => "report";

    /// <summary>0 to 1.</summary>
    public double? Progress { get; init; }

    /// <summary>For people.</summary>
    public string? Message { get; init; }
}
