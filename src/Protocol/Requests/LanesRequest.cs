namespace AptTask.Protocol;

/// <summary>Admin: asks for the lanes.</summary>
public sealed record LanesRequest : Request<LanesAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Lanes;
}
