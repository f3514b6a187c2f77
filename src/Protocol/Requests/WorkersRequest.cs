namespace AptTask.Protocol;

/// <summary>Admin: asks for the workers.</summary>
public sealed record WorkersRequest : Request<WorkersAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Workers;
}
