using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>Why a task is not running.</summary>
/// <param name="TaskId">Which task.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reasons">All that holds it up; for a final task why it ended so; empty when nothing does.</param>
public sealed record ExplainAnswer(
    [property: JsonPropertyName("taskid")] long TaskId,
    string State,
    IReadOnlyList<ExplainReason> Reasons
) : Answer
{
    /// <summary>The client's name for it.</summary>
    [JsonPropertyName("jobid")]
    public string? JobId { get; init; }
}
