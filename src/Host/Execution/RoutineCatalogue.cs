using System.Collections.Frozen;
using System.Collections.Immutable;
using AptTask.Host.Engine;

namespace AptTask.Host.Execution;

/// <summary>Every routine of every kind under its name. Replaced whole by a reload; whoever found a routine before keeps it.</summary>
internal sealed class RoutineCatalogue : IRoutineCatalogue
{
    private volatile Content _content = new([], FrozenDictionary<string, IRunnableRoutine>.Empty);

    /// <inheritdoc/>
    public ImmutableArray<IRunnableRoutine> Routines => _content.Routines;

    /// <inheritdoc/>
    public IRunnableRoutine? Find(string name) => _content.ByName.GetValueOrDefault(name);

    /// <summary>Takes these routines in the place of all others.</summary>
    /// <returns>The names that stood twice; the first one holds.</returns>
    public ImmutableArray<string> Replace(IEnumerable<IRunnableRoutine> routines)
    {
        var byName = new SortedDictionary<string, IRunnableRoutine>(StringComparer.Ordinal);
        var twice = ImmutableArray.CreateBuilder<string>();
        foreach (var routine in routines)
        {
            if (!byName.TryAdd(routine.Descriptor.Name, routine))
                twice.Add(routine.Descriptor.Name);
        }

        _content = new([.. byName.Values], byName.ToFrozenDictionary(StringComparer.Ordinal));
        return twice.ToImmutable();
    }

    private sealed record Content(
        ImmutableArray<IRunnableRoutine> Routines,
        FrozenDictionary<string, IRunnableRoutine> ByName
    );
}
