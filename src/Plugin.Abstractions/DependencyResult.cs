using System.Text.Json;

namespace AptTask.Plugin;

/// <summary>What a routine may see of a job that its task waited for.</summary>
/// <param name="TaskId">The number of the job's task.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Data">What it returned; <see cref="JsonValueKind.Undefined"/> when nothing is kept.</param>
/// <param name="Posted">What it posted, by name.</param>
public sealed record DependencyResult(
    long TaskId,
    DependencyOutcome Outcome,
    JsonElement Data,
    IReadOnlyDictionary<string, JsonElement> Posted
);
