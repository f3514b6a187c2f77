using System.Text.Json;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>What a dependant may see of a job that it waited for.</summary>
/// <param name="Task">The job's task.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Data">What it returned; undefined if nothing is kept.</param>
/// <param name="Posted">What it posted, by name.</param>
internal sealed record DependencyResult(
    TaskId Task,
    TaskOutcome Outcome,
    JsonElement Data,
    IReadOnlyDictionary<string, JsonElement> Posted
);
