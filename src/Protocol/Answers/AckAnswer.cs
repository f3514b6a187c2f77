using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>The acknowledgement is written down.</summary>
/// <param name="TaskIds">Which tasks.</param>
public sealed record AckAnswer([property: JsonPropertyName("taskids")] IReadOnlyList<long> TaskIds) : Answer;
