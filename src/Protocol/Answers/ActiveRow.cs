using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>A task that is not final.</summary>
public sealed record ActiveRow
{
    /// <summary>Its number.</summary>
    [JsonPropertyName("taskid")]
    public required long TaskId { get; init; }

    /// <summary>The client's name for it.</summary>
    [JsonPropertyName("jobid")]
    public string? JobId { get; init; }

    /// <summary>Whose it is.</summary>
    public string? Group { get; init; }

    /// <summary>What it runs.</summary>
    public required string Routine { get; init; }

    /// <summary>Where it stands, one of <see cref="TaskStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>The state as the old protocol counted: 0 initialized, 1 running.</summary>
    public required int Status { get; init; }

    /// <summary>0 while it runs, then 1, 2, … in the order in which tasks would start.</summary>
    public required int Position { get; init; }

    /// <summary>0 to 1, as it last reported.</summary>
    public double? Progress { get; init; }

    /// <summary>What it last reported.</summary>
    public string? Message { get; init; }

    /// <summary>It has been told to stop.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Stopping { get; init; }
}
