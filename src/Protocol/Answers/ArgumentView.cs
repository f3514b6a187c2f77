using System.Text.Json;

namespace AptTask.Protocol;

/// <summary>One argument of a routine.</summary>
public sealed record ArgumentView
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The name of its type.</summary>
    public required string Type { get; init; }

    /// <summary>Whether it must be given.</summary>
    public required bool Required { get; init; }

    /// <summary>What holds when it is not given.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>What its values must keep to.</summary>
    public JsonElement? Limits { get; init; }

    /// <summary>For people.</summary>
    public string? Help { get; init; }

    /// <summary>Its values are masked in everything that is shown.</summary>
    public bool? Secret { get; init; }
}
