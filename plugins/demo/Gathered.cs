using System.Text.Json;
using AptTask.Plugin;

namespace Demo;

/// <summary>What a job left for the tasks that wait for it.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Data">What it returned.</param>
/// <param name="Posted">What it posted, by name.</param>
public sealed record Gathered(
    DependencyOutcome Outcome,
    JsonElement Data,
    IReadOnlyDictionary<string, JsonElement> Posted
);
