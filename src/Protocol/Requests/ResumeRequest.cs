namespace AptTask.Protocol;

/// <summary>Admin: takes the pause of <see cref="Lane"/> or of <see cref="Request.Group"/> back. Exactly one is given.</summary>
public sealed record ResumeRequest : Request<PauseAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Resume;

    /// <summary>The lane to resume.</summary>
    public string? Lane { get; init; }
}
