using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>The task is accepted: it is written down.</summary>
/// <param name="TaskId">Its number.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Deduplicated">The same was asked for before; the number is that of the first.</param>
public sealed record StartAnswer(
    [property: JsonPropertyName("taskid")] long TaskId,
    string State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Deduplicated = false
) : Answer;
