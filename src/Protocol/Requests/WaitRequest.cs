namespace AptTask.Protocol;

/// <summary>Waits until tasks are final. At least one is named.</summary>
public sealed record WaitRequest : Request<WaitAnswer>
{
    /// <summary>The most tasks that one request may name.</summary>
    public const int TaskLimit = 10_000;

    /// <inheritdoc/>
    public override string Name => RequestNames.Wait;

    /// <summary>Tasks by number: <c>taskid</c> and <c>taskids</c> on the wire.</summary>
    public IReadOnlyList<long> TaskIds { get; init; } = [];

    /// <summary>Tasks by job id: <c>jobid</c> and <c>jobids</c> on the wire.</summary>
    public IReadOnlyList<string> JobIds { get; init; } = [];

    /// <summary>One of them is enough.</summary>
    public bool Any { get; init; }

    /// <summary>How long at most; null for as long as it takes.</summary>
    public double? TimeoutSeconds { get; init; }
}
