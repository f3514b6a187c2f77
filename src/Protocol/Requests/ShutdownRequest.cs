namespace AptTask.Protocol;

/// <summary>Admin: ends the daemon.</summary>
public sealed record ShutdownRequest : Request<ShutdownAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Shutdown;

    /// <summary>How long running attempts may take to end by themselves; null for what is configured.</summary>
    public double? GraceSeconds { get; init; }
}
