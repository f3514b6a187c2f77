namespace AptTask.Protocol;

/// <summary>Asks for the tasks that are not final.</summary>
public sealed record ActiveRequest : Request<ActiveAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Active;
}
