namespace AptTask.Protocol;

/// <summary>The owner has the results: they may be removed. Names one task, or several by number.</summary>
public sealed record AckRequest : Request<AckAnswer>, INamesTask
{
    /// <summary>The most tasks that one request may name.</summary>
    public const int TaskLimit = 10_000;

    /// <inheritdoc/>
    public override string Name => RequestNames.Ack;

    /// <inheritdoc/>
    public long? TaskId { get; init; }

    /// <inheritdoc/>
    public string? JobId { get; init; }

    /// <summary>Several tasks at once; empty when one is named.</summary>
    public IReadOnlyList<long> TaskIds { get; init; } = [];
}
