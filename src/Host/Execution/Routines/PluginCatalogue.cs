using System.Collections.Immutable;
using AptTask.Host.Configuration;
using AptTask.Host.Execution.Routines.Loading;

namespace AptTask.Host.Execution.Routines;

/// <summary>
/// Turns drop folders and whitelist into routines, and keeps account of the code in memory. A reload is <see cref="PrepareAsync"/>,
/// which changes nothing that runs, and then <see cref="Adopt"/> or <see cref="Discard"/>. Not for several callers at once.
/// </summary>
internal sealed class PluginCatalogue(IPluginLoader loader, IWorkers workers, TimeProvider time)
{
    private readonly List<IPluginCode> _retired = [];

    /// <summary>With the loader of the product.</summary>
    public PluginCatalogue(IWorkers workers, TimeProvider time)
        : this(new McMasterLoader(), workers, time) { }

    /// <summary>The set in use.</summary>
    public PluginSet Current { get; private set; } = PluginSet.Empty;

    /// <summary>Whether the runtime has let go of every version that takes no more attempts.</summary>
    public bool HasUnloadedAll => _retired.TrueForAll(plugin => plugin.IsUnloaded);

    /// <summary>Versions that take no more attempts; those that were unloaded are named once and then forgotten.</summary>
    public ImmutableArray<RetiredPlugin> TakeRetired()
    {
        var seen = _retired
            .Select(plugin => new RetiredPlugin(
                plugin.Files.Name,
                plugin.Files.ShortHash,
                plugin.Running,
                plugin.Abandoned,
                plugin.IsUnloaded
            ))
            .ToImmutableArray();
        _retired.RemoveAll(plugin => plugin.IsUnloaded);
        return seen;
    }

    /// <summary>Reads everything and loads what is new. What is broken becomes a problem of the set, never an exception.</summary>
    public Task<PluginSet> PrepareAsync(DaemonOptions options, Whitelist whitelist) =>
        new PluginSetBuilder(
            loader,
            workers,
            new PluginCache(options.Plugins.Cache),
            options,
            whitelist,
            Current,
            time
        ).BuildAsync();

    /// <summary>Puts a prepared set to use. Code that is not in it takes no more attempts and goes when its last one has ended.</summary>
    public void Adopt(PluginSet next)
    {
        var previous = Current;
        Current = next;
        // Whoever looked a routine up a moment ago and starts it now is led to the one that took its place.
        foreach (var routine in previous.Routines.OfType<PluginRoutine>())
            routine.Successor = () =>
                Current.Routines.FirstOrDefault(other => other.Descriptor.Name == routine.Descriptor.Name);
        Retire(previous, next);
    }

    /// <summary>Lets go of a prepared set that is not wanted after all.</summary>
    public void Discard(PluginSet unwanted) => Retire(unwanted, Current);

    /// <summary>Removes copies of plugins that are neither in use nor still referenced. For the owner of the cache folder only.</summary>
    public void SweepCache(DaemonOptions options) =>
        new PluginCache(options.Plugins.Cache).Sweep(
            Current
                .Loaded.Values.Concat(_retired.Where(plugin => !plugin.IsUnloaded))
                .Select(plugin => plugin.Files.Folder)
        );

    private void Retire(PluginSet from, PluginSet to)
    {
        var kept = to.Loaded.Values.ToHashSet();
        foreach (var plugin in from.Loaded.Values.Where(plugin => !kept.Contains(plugin)))
        {
            plugin.Retire();
            _retired.Add(plugin);
        }
    }
}
