namespace AptTask.Protocol;

/// <summary>Follows the events of one task, or of the whole group when none is named.</summary>
public sealed record WatchRequest : Request<WatchAnswer>, INamesTask
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Watch;

    /// <inheritdoc/>
    public long? TaskId { get; init; }

    /// <inheritdoc/>
    public string? JobId { get; init; }

    /// <summary>The first sequence number that is wanted; null for what happens from now on.</summary>
    public long? From { get; init; }
}
