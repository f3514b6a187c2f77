namespace AptTask.Protocol;

/// <summary>Admin: asks for the groups.</summary>
public sealed record GroupsRequest : Request<GroupsAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Groups;
}
