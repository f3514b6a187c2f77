using System.Collections.Immutable;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>What a store held when it was opened.</summary>
/// <param name="Tasks">Live tasks and kept results, in the order of their ids.</param>
/// <param name="Jobs">Job memories and aliases.</param>
/// <param name="Sequences">The newest event number of each group.</param>
/// <param name="NextTaskId">The first task id that was never given.</param>
internal sealed record StoreContent(
    IReadOnlyList<TaskRecord> Tasks,
    ImmutableArray<JobRecord> Jobs,
    IReadOnlyDictionary<GroupName, long> Sequences,
    long NextTaskId
);
