namespace AptTask.Protocol;

/// <summary>Admin: drops kept results of <see cref="Request.Group"/> (of all groups when none is given) by age.</summary>
public sealed record ForgetRequest : Request<ForgetAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Forget;

    /// <summary>Tasks that have been final for this long, or longer. 0 means all.</summary>
    public required double OlderThanSeconds { get; init; }
}
