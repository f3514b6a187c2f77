namespace AptTask.Protocol;

/// <summary>Fetches the result of a final task and marks it fetched.</summary>
public sealed record ResultRequest : Request<ResultAnswer>, INamesTask
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Result;

    /// <inheritdoc/>
    public long? TaskId { get; init; }

    /// <inheritdoc/>
    public string? JobId { get; init; }
}
