namespace AptTask.Protocol;

/// <summary>Submits one task.</summary>
public sealed record StartRequest : Request<StartAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Start;

    /// <summary>The task.</summary>
    public required TaskOrder Task { get; init; }

    /// <summary>What happens when the queue is full.</summary>
    public OnFull OnFull { get; init; }

    /// <summary>Refuse job ids in <c>waitfor</c> that nobody has submitted.</summary>
    public bool Strict { get; init; }
}
