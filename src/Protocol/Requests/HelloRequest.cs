namespace AptTask.Protocol;

/// <summary>Asks who is there. With a key it authenticates the connection for all that follows.</summary>
public sealed record HelloRequest : Request<HelloAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Hello;
}
