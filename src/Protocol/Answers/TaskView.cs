using System.Text.Json;
using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>A task as clients see it. What is null is absent on the wire.</summary>
public sealed record TaskView
{
    /// <summary>Its number.</summary>
    [JsonPropertyName("taskid")]
    public required long TaskId { get; init; }

    /// <summary>The client's name for it.</summary>
    [JsonPropertyName("jobid")]
    public string? JobId { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Group { get; init; }

    /// <summary>What it runs.</summary>
    public required string Routine { get; init; }

    /// <summary>Its arguments by name, secret ones masked.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>What it waits, or waited, for.</summary>
    [JsonPropertyName("waitfor")]
    public IReadOnlyList<WaitForView>? WaitFor { get; init; }

    /// <summary>−100 to 100.</summary>
    public int Priority { get; init; }

    /// <summary>Where its places are.</summary>
    public string? Lane { get; init; }

    /// <summary>How many places it holds while it runs, when not one.</summary>
    public int? Weight { get; init; }

    /// <summary>Where it stands, one of <see cref="TaskStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>Why it is in a final state, or why its last attempt failed.</summary>
    public string? Reason { get; init; }

    /// <summary>For a skipped task: the jobs that led to it.</summary>
    public string? Chain { get; init; }

    /// <summary>It has been told to stop and still runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Stopping { get; init; }

    /// <summary>The number of the current or last attempt; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>All attempts that it may have.</summary>
    public int? Attempts { get; init; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When its current or last attempt started.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it became final.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>When the next attempt may start, while backing off.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>It does not start earlier.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>It ends when this instant passes.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>The key that keeps others like it away.</summary>
    public string? Unique { get; init; }

    /// <summary>How long its result is kept.</summary>
    public Keep? Keep { get; init; }

    /// <summary>A program's exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>0 to 1, as it last reported.</summary>
    public double? Progress { get; init; }

    /// <summary>What it last reported, or its closing word.</summary>
    public string? Message { get; init; }

    /// <summary>What it left, without the worklog.</summary>
    public ResultView? Result { get; init; }
}
