namespace AptTask.Protocol;

/// <summary>Admin: starts nothing more anywhere; running attempts run on and submissions are taken.</summary>
public sealed record DrainRequest : Request<DrainAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Drain;

    /// <summary>True to drain, false to go on.</summary>
    public bool On { get; init; } = true;

    /// <summary>Only this worker on another machine; null for everything.</summary>
    public string? Worker { get; init; }
}
