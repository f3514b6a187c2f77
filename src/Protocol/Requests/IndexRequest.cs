namespace AptTask.Protocol;

/// <summary>Asks for every routine that the key may use.</summary>
public sealed record IndexRequest : Request<IndexAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Index;
}
