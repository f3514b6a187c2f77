using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AptTask.Host.Engine;

/// <summary>A routine as clients and the engine see it; what runs behind it is the business of its kind.</summary>
internal sealed record RoutineDescriptor
{
    /// <summary>The name in requests; compared ordinally.</summary>
    public required string Name { get; init; }

    /// <summary>What it is made of. Written also when it is the first of its kinds: whoever reads it must be told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required RoutineKind Kind { get; init; }

    /// <summary>One or more sentences for people.</summary>
    public string Help { get; init; } = "";

    /// <summary>Where it comes from, for people: <c>plugin files 0.1.0</c>, <c>whitelist.toml:12</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>Its arguments, in the order in which they can be given by position.</summary>
    public ImmutableArray<ParameterDescriptor> Parameters { get; init; } = [];

    /// <summary>What the administrator or author says about running it.</summary>
    public RoutinePolicy Policy { get; init; } = new();

    /// <summary>Why it cannot run here, with a remedy; null when it can.</summary>
    public string? Unavailable { get; init; }

    /// <summary>Why its attempts fail at the moment, with what can be done; null when nothing is known against it.</summary>
    public string? Trouble { get; init; }
}
