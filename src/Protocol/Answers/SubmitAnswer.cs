using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>All tasks are accepted.</summary>
/// <param name="TaskIds">Their numbers in the order of the request.</param>
public sealed record SubmitAnswer([property: JsonPropertyName("taskids")] IReadOnlyList<long> TaskIds) : Answer
{
    /// <summary>Those of the numbers that belong to tasks which were here before.</summary>
    public IReadOnlyList<long>? Deduplicated { get; init; }
}
