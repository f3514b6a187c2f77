using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>One thing that holds a task up. Which members are there depends on <see cref="Why"/>.</summary>
public sealed record ExplainReason
{
    /// <summary>One of <see cref="ExplainCodes"/>.</summary>
    public required string Why { get; init; }

    /// <summary>The same for people.</summary>
    public required string Message { get; init; }

    /// <summary>The job that is waited for.</summary>
    [JsonPropertyName("jobid")]
    public string? JobId { get; init; }

    /// <summary>Its task.</summary>
    [JsonPropertyName("taskid")]
    public long? TaskId { get; init; }

    /// <summary>How it has to end.</summary>
    public WaitForEnd? When { get; init; }

    /// <summary>Where it stands.</summary>
    public string? State { get; init; }

    /// <summary>The lane.</summary>
    public string? Lane { get; init; }

    /// <summary>How many places the lane has.</summary>
    public int? Width { get; init; }

    /// <summary>How many are free.</summary>
    public int? Free { get; init; }

    /// <summary>How many the task needs.</summary>
    public int? Weight { get; init; }

    /// <summary>The group's own tasks that hold places.</summary>
    public IReadOnlyList<long>? Running { get; init; }

    /// <summary>How many tasks of other groups hold places.</summary>
    public int? Others { get; init; }

    /// <summary>How many tasks of the group come first.</summary>
    public int? Behind { get; init; }

    /// <summary>When it may go on.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>The number of the attempt to come.</summary>
    public int? NextAttempt { get; init; }

    /// <summary>The cap that is reached.</summary>
    public int? Limit { get; init; }

    /// <summary>The routine that runs as often as it may.</summary>
    public string? Routine { get; init; }

    /// <summary>For a final task: why it ended so.</summary>
    public string? Reason { get; init; }

    /// <summary>For a skipped task: the jobs that led to it.</summary>
    public string? Chain { get; init; }
}
