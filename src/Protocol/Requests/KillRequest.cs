namespace AptTask.Protocol;

/// <summary>
/// Admin: ends every worker, every running attempt and its whole process tree by force. With <see cref="Request.Group"/> only
/// the running attempts of that group.
/// </summary>
public sealed record KillRequest : Request<KillAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Kill;
}
