namespace AptTask.Protocol;

/// <summary>Asks why a task is not running.</summary>
public sealed record ExplainRequest : Request<ExplainAnswer>, INamesTask
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Explain;

    /// <inheritdoc/>
    public long? TaskId { get; init; }

    /// <inheritdoc/>
    public string? JobId { get; init; }
}
