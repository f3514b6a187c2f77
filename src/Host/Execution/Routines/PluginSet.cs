using System.Collections.Immutable;
using AptTask.Host.Engine;

namespace AptTask.Host.Execution.Routines;

/// <summary>The routines of one reading of the drop folders and the whitelist. Immutable; the catalogue makes the next one.</summary>
internal sealed class PluginSet
{
    /// <summary>Nothing.</summary>
    public static PluginSet Empty { get; } = new();

    /// <summary>Every routine of a plugin, function or module, in the order of their names.</summary>
    public ImmutableArray<IRunnableRoutine> Routines { get; init; } = [];

    /// <summary>What was kept out, and why.</summary>
    public ImmutableArray<PluginProblem> Problems { get; init; } = [];

    /// <summary>What became of each plugin, compared with the set before.</summary>
    public ImmutableArray<PluginChange> Changes { get; init; } = [];

    /// <summary>The code, by where it runs.</summary>
    internal ImmutableDictionary<CodePlace, IPluginCode> Loaded { get; init; } =
        ImmutableDictionary<CodePlace, IPluginCode>.Empty;
}
