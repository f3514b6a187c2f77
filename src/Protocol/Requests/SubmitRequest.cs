namespace AptTask.Protocol;

/// <summary>Submits many tasks of one group, all or none, in any order.</summary>
public sealed record SubmitRequest : Request<SubmitAnswer>
{
    /// <inheritdoc/>
    public override string Name => RequestNames.Submit;

    /// <summary>The tasks, at least one.</summary>
    public required IReadOnlyList<TaskOrder> Tasks { get; init; }

    /// <summary>What happens when the queue is full.</summary>
    public OnFull OnFull { get; init; }

    /// <summary>Refuse job ids in <c>waitfor</c> that neither are known nor stand in this submission.</summary>
    public bool Strict { get; init; }
}
