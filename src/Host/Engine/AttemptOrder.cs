using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>One attempt to start. Written to the store before anyone sees it.</summary>
/// <param name="Spec">The task.</param>
/// <param name="Order">What to run.</param>
/// <param name="Token">The attempt's name.</param>
/// <param name="Number">The attempt's number, from 1.</param>
/// <param name="WorkLogLength">How long the worklog of its earlier attempts is, in bytes: this one goes on from there.</param>
/// <param name="Dependencies">How the jobs ended that it waited for, by job id.</param>
internal sealed record AttemptOrder(
    TaskSpec Spec,
    WorkOrder Order,
    AttemptToken Token,
    int Number,
    long WorkLogLength,
    IReadOnlyDictionary<string, DependencyResult> Dependencies
);
