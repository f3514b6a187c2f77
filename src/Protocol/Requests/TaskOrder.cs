using System.Text.Json;

namespace AptTask.Protocol;

/// <summary>What a client asks of one task. What is null was not given: the routine or the daemon decides.</summary>
public sealed record TaskOrder
{
    /// <summary>The routine to run: <c>name</c> on the wire.</summary>
    public required string Routine { get; init; }

    /// <summary>An object by name or an array by position; null for none.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>The client's own name for the task.</summary>
    public string? JobId { get; init; }

    /// <summary>What has to end before it may start.</summary>
    public IReadOnlyList<WaitForEntry> WaitFor { get; init; } = [];

    /// <summary>−100 to 100; higher starts earlier.</summary>
    public int? Priority { get; init; }

    /// <summary>One of the lanes that the routine lists.</summary>
    public string? Lane { get; init; }

    /// <summary>How many places of the lane it holds, 1 or more.</summary>
    public int? Weight { get; init; }

    /// <summary>What happens after a failed attempt.</summary>
    public RetryOrder? Retry { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>It does not start earlier.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>It is skipped, or stopped, when this instant passes.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>While a live task of the group has this key, it answers for this one.</summary>
    public string? Unique { get; init; }

    /// <summary>How long the result is kept.</summary>
    public Keep? Keep { get; init; }
}
