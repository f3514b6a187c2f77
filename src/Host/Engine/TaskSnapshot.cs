using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>One task at one moment, for those outside the loop.</summary>
internal sealed record TaskSnapshot
{
    /// <summary>What was accepted.</summary>
    public required TaskSpec Spec { get; init; }

    /// <summary>What runs.</summary>
    public required WorkOrder Order { get; init; }

    /// <summary>Where it stands.</summary>
    public required TaskState State { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When the newest attempt started.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it became final.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>The newest report.</summary>
    public double? Progress { get; init; }

    /// <summary>The newest message.</summary>
    public string? Message { get; init; }

    /// <summary>A program's exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>How long its worklog is so far, in bytes of text.</summary>
    public long WorkLogLength { get; init; }

    /// <summary>0 while running, then the order in which tasks would start; null when it was not asked for.</summary>
    public int? Position { get; init; }

    /// <summary>Makes the snapshot of a record. Loop only.</summary>
    public static TaskSnapshot Of(TaskRecord record, int? position = null) =>
        new()
        {
            Spec = record.Spec,
            Order = record.Order,
            State = record.State,
            Created = record.Created,
            Started = record.Started,
            Finished = record.Finished,
            Progress = record.Progress,
            Message = record.Message,
            ExitCode = record.ExitCode,
            WorkLogLength = record.WorkLogLength,
            Position = position,
        };
}
