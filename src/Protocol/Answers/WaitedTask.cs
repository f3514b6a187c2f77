using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>Where one of the tasks stands that were waited for.</summary>
/// <param name="TaskId">Its number.</param>
/// <param name="State">Where it stands.</param>
public sealed record WaitedTask([property: JsonPropertyName("taskid")] long TaskId, string State)
{
    /// <summary>The client's name for it.</summary>
    [JsonPropertyName("jobid")]
    public string? JobId { get; init; }

    /// <summary>Why, unless it succeeded or is not final.</summary>
    public string? Reason { get; init; }

    /// <summary>A program's exit code.</summary>
    public int? ExitCode { get; init; }
}
