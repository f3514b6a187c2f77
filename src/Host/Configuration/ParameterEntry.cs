using System.Collections.Immutable;
using System.Text.Json;

namespace AptTask.Host.Configuration;

/// <summary>One parameter of a command. Which of the limits are set depends on the type; the reader has checked that they fit.</summary>
internal sealed record ParameterEntry
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its type.</summary>
    public required ParameterType Type { get; init; }

    /// <summary>For people.</summary>
    public string? Help { get; init; }

    /// <summary>What holds when it is not given; null when it must be given.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>Where its value comes from when it is not given; null for the client alone.</summary>
    public DependencySource? From { get; init; }

    /// <summary>The least number.</summary>
    public decimal? Min { get; init; }

    /// <summary>The greatest number.</summary>
    public decimal? Max { get; init; }

    /// <summary>The most digits after the dot.</summary>
    public int Scale { get; init; }

    /// <summary>The only values; empty when a pattern or the type decides.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>A pattern that the whole value matches.</summary>
    public string? Pattern { get; init; }

    /// <summary>The most characters.</summary>
    public int MaxLength { get; init; }

    /// <summary>Letters beyond ASCII and invisible marks are let through.</summary>
    public bool Unicode { get; init; }

    /// <summary>The absolute folder that a path stays below.</summary>
    public string? Under { get; init; }

    /// <summary>The path must be there.</summary>
    public bool MustExist { get; init; }

    /// <summary>The schemes of a URL.</summary>
    public ImmutableArray<string> Schemes { get; init; } = [];

    /// <summary>Hosts of a host or URL (<c>.example.org</c> for all below); empty for any.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>What the items of a list are.</summary>
    public ParameterEntry? Of { get; init; }

    /// <summary>The most items of a list.</summary>
    public int MaxItems { get; init; }

    /// <summary>The line in its file.</summary>
    public int Line { get; init; }

    /// <summary>Masked everywhere.</summary>
    public bool IsSecret => Type == ParameterType.Secret;
}
