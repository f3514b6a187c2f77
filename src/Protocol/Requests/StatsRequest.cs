namespace AptTask.Protocol;

/// <summary>Admin: asks for counts and measures.</summary>
public sealed record StatsRequest : Request<StatsAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Stats;
}
