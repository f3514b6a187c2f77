using System.Text.Json;
using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>What a task left.</summary>
public sealed record ResultView
{
    /// <summary>The task's number.</summary>
    [JsonPropertyName("taskid")]
    public long? TaskId { get; init; }

    /// <summary>The client's name for it.</summary>
    [JsonPropertyName("jobid")]
    public string? JobId { get; init; }

    /// <summary>What ran.</summary>
    public string? Routine { get; init; }

    /// <summary>How it ended, one of <see cref="TaskStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>Why, unless it succeeded.</summary>
    public string? Reason { get; init; }

    /// <summary>For a skipped task: the jobs that led to it.</summary>
    public string? Chain { get; init; }

    /// <summary>The number of the last attempt; null when there was none.</summary>
    public int? Attempt { get; init; }

    /// <summary>A program's exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>When the last attempt started.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it became final.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>What it said last.</summary>
    public ReportView? Report { get; init; }

    /// <summary>What the routine returned; for a command its standard output unless it says otherwise.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>What it posted, by name.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Posted { get; init; }

    /// <summary>The end of what it printed and logged; <c>log</c> has all that is kept.</summary>
    public IReadOnlyList<LogEntry>? Worklog { get; init; }

    /// <summary>What it used.</summary>
    public UsageView? Usage { get; init; }
}
