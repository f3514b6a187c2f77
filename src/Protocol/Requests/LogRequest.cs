namespace AptTask.Protocol;

/// <summary>Reads a worklog, and follows it if asked.</summary>
public sealed record LogRequest : Request<LogAnswer>, INamesTask
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Log;

    /// <inheritdoc/>
    public long? TaskId { get; init; }

    /// <inheritdoc/>
    public string? JobId { get; init; }

    /// <summary>The byte offset to read from; null for the beginning.</summary>
    public long? Offset { get; init; }

    /// <summary>How many bytes at most; null for what fits into one answer.</summary>
    public int? Limit { get; init; }

    /// <summary>Go on with what is written from now on, until the task is final.</summary>
    public bool Follow { get; init; }
}
