namespace AptTask.Protocol;

/// <summary>Asks for one task whole.</summary>
public sealed record StatusRequest : Request<StatusAnswer>, INamesTask
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Status;

    /// <inheritdoc/>
    public long? TaskId { get; init; }

    /// <inheritdoc/>
    public string? JobId { get; init; }
}
