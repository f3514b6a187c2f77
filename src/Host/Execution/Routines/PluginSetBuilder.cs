using System.Collections.Immutable;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Loading;

namespace AptTask.Host.Execution.Routines;

/// <summary>Reads the drop folders and the whitelist once.</summary>
internal sealed class PluginSetBuilder(
    IPluginLoader loader,
    PluginCache cache,
    DaemonOptions options,
    Whitelist whitelist,
    PluginSet previous,
    TimeProvider time
)
{
    private readonly RunLimits _limits = new(
        options.Limits.MaxArguments,
        options.Results.MaxResult,
        options.Results.MaxPosted
    );

    private readonly Dictionary<string, LoadedPlugin> _loaded = [];
    private readonly List<PluginProblem> _problems = [];
    private readonly List<PluginChange> _changes = [];
    private readonly SortedDictionary<string, IRunnableRoutine> _routines = new(StringComparer.Ordinal);

    /// <summary>The set.</summary>
    public PluginSet Build()
    {
        foreach (var (name, source) in Dropped())
            Load(name, source);
        foreach (var gone in previous.Loaded.Values.Where(plugin => !_loaded.ContainsKey(plugin.Files.Name)))
            _changes.Add(new PluginChange(gone.Files.Name, PluginChangeKind.Removed, gone.Files.ShortHash, null));
        foreach (var plugin in _loaded.Values.OrderBy(plugin => plugin.Files.Name, StringComparer.Ordinal))
            Offer(plugin);
        NoteEntriesWithoutPlugin();
        new WhitelistedCode(_loaded, whitelist, options, _limits, time, Offer, Complain).Offer();
        return new PluginSet
        {
            Routines = [.. _routines.Values],
            Problems = [.. _problems],
            Changes = [.. _changes],
            Loaded = _loaded.ToImmutableDictionary(),
        };
    }

    // The first folder that has a name wins, as the administrator ordered them.
    private SortedDictionary<string, string> Dropped()
    {
        var dropped = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in options.Plugins.Folders)
        {
            foreach (var path in FoldersIn(folder))
            {
                var name = Path.GetFileName(path);
                if (!dropped.TryAdd(name, path))
                    Complain(
                        $"plugin {name}",
                        $"{path} is kept out, since {dropped[name]} has the same name and stands first."
                    );
            }
        }
        return dropped;
    }

    private IEnumerable<string> FoldersIn(string folder)
    {
        try
        {
            // A name with a dot in front is hidden: a half-copied plugin can be prepared under one and then renamed.
            return [.. Directory.EnumerateDirectories(folder).Where(path => !Path.GetFileName(path).StartsWith('.'))];
        }
        catch (DirectoryNotFoundException)
        {
            Complain("plugins.folders", $"There is no folder {folder}. Make it, or take it out of plugins.folders.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            Complain("plugins.folders", $"{folder} cannot be read: {unreadable.Message}");
        }
        return [];
    }

    private void Load(string name, string source)
    {
        previous.Loaded.TryGetValue(name, out var before);
        try
        {
            if (before is not null && before.Files.Hash == PluginCache.Hash(source))
            {
                Keep(before, PluginChangeKind.Unchanged);
                return;
            }
            var files = cache.Take(name, source);
            if (Preflight.Check(files) is { } refusal)
                Refuse(name, refusal, before);
            else
                Take(files, before);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            Refuse(name, $"{source} cannot be copied: {unreadable.Message}", before);
        }
    }

    private void Take(PluginFiles files, LoadedPlugin? before)
    {
        ILoadedCode? code = null;
        try
        {
            code = loader.Load(files.MainAssembly);
            _loaded.Add(files.Name, LoadedPlugin.Take(files, code));
            var kind = before is null ? PluginChangeKind.Added : PluginChangeKind.Changed;
            _changes.Add(new PluginChange(files.Name, kind, before?.Files.ShortHash, files.ShortHash));
        }
        // A file that somebody built or damaged on purpose may fail in any way; it must not stop the others.
        catch (Exception broken)
        {
            code?.Dispose();
            Refuse(files.Name, $"It cannot be loaded: {broken.Message}", before);
        }
    }

    private void Refuse(string name, string reason, LoadedPlugin? before)
    {
        if (before is null)
        {
            Complain($"plugin {name}", reason);
            return;
        }
        Complain($"plugin {name}", $"{reason} The version loaded before ({before.Files.ShortHash}) stays in use.");
        Keep(before, PluginChangeKind.Kept);
    }

    private void Keep(LoadedPlugin plugin, PluginChangeKind kind)
    {
        _loaded.Add(plugin.Files.Name, plugin);
        _changes.Add(new PluginChange(plugin.Files.Name, kind, plugin.Files.ShortHash, plugin.Files.ShortHash));
    }

    private void Offer(LoadedPlugin plugin)
    {
        var entry = options.Plugins.For(plugin.Files.Name);
        foreach (var problem in plugin.Problems)
            Complain(plugin.Title, problem);
        if (plugin.Routines.IsEmpty && plugin.Problems.IsEmpty && !IsNamedByWhitelist(plugin.Files.Name))
            Complain(
                plugin.Title,
                "It has no routine: no public static method and no public class in it has [Routine]."
            );
        for (var index = 0; index < plugin.Routines.Length; index++)
        {
            var facts = plugin.Routines[index];
            var descriptor = new RoutineDescriptor
            {
                Name = facts.Name,
                Kind = RoutineKind.Plugin,
                Help = facts.Help,
                Origin = $"{plugin.Title} {plugin.Version}",
                Parameters = [.. facts.Arguments.Select(argument => argument.Describe())],
                Policy = Policies.Of(facts.Policy, entry),
                Unavailable = entry.Isolation == Isolation.Process ? Policies.NeedsWorker(plugin.Files.Name) : null,
            };
            Offer(
                descriptor.Unavailable is null
                    ? new PluginRoutine(descriptor, facts, plugin, index, _limits, time)
                    : new UnavailableRoutine(descriptor, facts, _limits),
                plugin.Title
            );
        }
    }

    private bool IsNamedByWhitelist(string plugin) =>
        whitelist.Functions.Any(entry => entry.Plugin == plugin)
        || whitelist.Modules.Any(entry => entry.Plugin == plugin);

    private void NoteEntriesWithoutPlugin()
    {
        foreach (var entry in options.Plugins.Entries.Where(entry => !_loaded.ContainsKey(entry.Name)))
        {
            if (!_problems.Exists(problem => problem.Origin == $"plugin {entry.Name}"))
                Complain(
                    $"plugin {entry.Name}",
                    $"There is a [[plugin]] entry for it (line {entry.Line}), but no folder of that name."
                );
        }
    }

    private void Offer(IRunnableRoutine routine, string origin)
    {
        var name = routine.Descriptor.Name;
        if (_routines.TryGetValue(name, out var first))
            Complain(
                origin,
                $"Its routine '{name}' is kept out, since {first.Descriptor.Origin} has one of the same name."
            );
        else
            _routines.Add(name, routine);
    }

    private void Complain(string origin, string message) => _problems.Add(new PluginProblem(origin, message));
}
