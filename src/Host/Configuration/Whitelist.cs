using System.Collections.Immutable;

namespace AptTask.Host.Configuration;

/// <summary>Everything that <c>whitelist.toml</c> allows, checked.</summary>
internal sealed record Whitelist
{
    /// <summary>Nothing allowed.</summary>
    public static Whitelist Empty { get; } = new();

    /// <summary>The file it was read from; null for none.</summary>
    public string? File { get; init; }

    /// <summary>The programs, in the order of the file.</summary>
    public ImmutableArray<CommandEntry> Commands { get; init; } = [];

    /// <summary>The single methods.</summary>
    public ImmutableArray<FunctionEntry> Functions { get; init; } = [];

    /// <summary>The modules whose functions may be called by name.</summary>
    public ImmutableArray<ModuleEntry> Modules { get; init; } = [];
}
