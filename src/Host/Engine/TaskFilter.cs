using System.Collections.Immutable;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>Which tasks a page shows.</summary>
internal sealed record TaskFilter
{
    /// <summary>Only these groups' tasks; null for all groups.</summary>
    public GroupName? Group { get; init; }

    /// <summary>Names of states on the wire; empty for all.</summary>
    public ImmutableArray<string> States { get; init; } = [];

    /// <summary>Only this routine.</summary>
    public string? Routine { get; init; }

    /// <summary>Only job ids that begin so.</summary>
    public string? JobPrefix { get; init; }

    /// <summary>Only tasks accepted at this instant or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only tasks accepted before this instant.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only ids greater than this one.</summary>
    public long After { get; init; }

    /// <summary>How many at the most.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Whether a task is one of them; the group and the cursor are the caller's business.</summary>
    public bool Matches(TaskRecord task) =>
        (States.IsEmpty || States.Contains(StateNames.Of(task.State)))
        && (Routine is null || Routine == task.Order.Routine)
        && (JobPrefix is null || task.Spec.Job?.Value.StartsWith(JobPrefix, StringComparison.Ordinal) == true)
        && (Since is null || task.Created >= Since)
        && (Until is null || task.Created < Until);
}
