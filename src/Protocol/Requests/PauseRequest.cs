namespace AptTask.Protocol;

/// <summary>Admin: starts nothing more in <see cref="Lane"/>, or nothing more of <see cref="Request.Group"/>. Exactly one is given.</summary>
public sealed record PauseRequest : Request<PauseAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Pause;

    /// <summary>The lane to pause.</summary>
    public string? Lane { get; init; }
}
