using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>The stop is written down. Stopping twice, or too late, is no error.</summary>
/// <param name="TaskId">Which task.</param>
/// <param name="State">Where it stands now.</param>
/// <param name="Stopping">Its attempt is still running and has been told.</param>
public sealed record StopAnswer(
    [property: JsonPropertyName("taskid")] long TaskId,
    string State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Stopping = false
) : Answer;
