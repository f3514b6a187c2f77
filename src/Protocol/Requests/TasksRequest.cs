namespace AptTask.Protocol;

/// <summary>Asks for tasks by filter, the newest first, page by page. What is null or empty does not filter.</summary>
public sealed record TasksRequest : Request<TasksAnswer>
{
    /// <summary>The most rows of one page.</summary>
    public const int PageLimit = 1000;

    /// <inheritdoc/>
    public override string Name => RequestNames.Tasks;

    /// <summary>Any of these states (<see cref="TaskStates"/>): <c>state</c> on the wire, one or a list.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    /// <summary>This routine.</summary>
    public string? Routine { get; init; }

    /// <summary>Job ids that begin so.</summary>
    public string? JobIdPrefix { get; init; }

    /// <summary>Accepted at this instant or later.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Accepted before this instant.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>How many rows at most, up to <see cref="PageLimit"/>.</summary>
    public int? Limit { get; init; }

    /// <summary>Where the last page ended, as its answer said it.</summary>
    public string? Cursor { get; init; }
}
