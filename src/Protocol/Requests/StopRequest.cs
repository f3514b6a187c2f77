namespace AptTask.Protocol;

/// <summary>Stops a task.</summary>
public sealed record StopRequest : Request<StopAnswer>, INamesTask
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Stop;

    /// <inheritdoc/>
    public long? TaskId { get; init; }

    /// <inheritdoc/>
    public string? JobId { get; init; }

    /// <summary>At once, without the grace.</summary>
    public bool Force { get; init; }
}
