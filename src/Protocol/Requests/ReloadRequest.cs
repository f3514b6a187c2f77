namespace AptTask.Protocol;

/// <summary>Admin: takes in new, changed and removed plugins, whitelist entries, lanes and keys.</summary>
public sealed record ReloadRequest : Request<ReloadAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Reload;
}
