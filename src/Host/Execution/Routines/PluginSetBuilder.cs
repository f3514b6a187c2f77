using System.Collections.Immutable;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Host.Execution.Routines.Loading;

namespace AptTask.Host.Execution.Routines;

/// <summary>Reads the drop folders and the whitelist once.</summary>
internal sealed class PluginSetBuilder(
    IPluginLoader loader,
    IWorkers workers,
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

    private readonly Dictionary<CodePlace, IPluginCode> _loaded = [];
    private readonly List<PluginProblem> _problems = [];
    private readonly List<PluginChange> _changes = [];
    private readonly SortedDictionary<string, IRunnableRoutine> _routines = new(StringComparer.Ordinal);

    /// <summary>The set.</summary>
    public async Task<PluginSet> BuildAsync()
    {
        foreach (var (name, source) in Dropped())
            await LoadAsync(name, source);
        foreach (var gone in previous.Loaded.Values.Select(code => code.Files).DistinctBy(files => files.Name))
        {
            if (!_changes.Exists(change => change.Plugin == gone.Name))
                _changes.Add(new PluginChange(gone.Name, PluginChangeKind.Removed, gone.ShortHash, null));
        }
        foreach (var (place, code) in _loaded.OrderBy(pair => pair.Key.Plugin, StringComparer.Ordinal))
        {
            if (place == PlaceOf(place.Plugin))
                Offer(code);
        }
        NoteEntriesWithoutPlugin();
        await new WhitelistedCode(_loaded, workers, whitelist, options, _limits, time, Offer, Complain).OfferAsync();
        return new PluginSet
        {
            Routines = [.. _routines.Values],
            Problems = [.. _problems],
            Changes = [.. _changes],
            Loaded = _loaded.ToImmutableDictionary(),
        };
    }

    /// <summary>Where the routines of a plugin run.</summary>
    private CodePlace PlaceOf(string plugin)
    {
        var entry = options.Plugins.For(plugin);
        return CodePlace.Of(plugin, entry.Isolation, entry.Sandbox, options);
    }

    // Its own place first, then those that the whitelist asks for beside it.
    private IEnumerable<CodePlace> PlacesOf(string plugin) =>
        whitelist
            .Functions.Where(entry => entry.Plugin == plugin)
            .Select(entry => WhitelistedCode.PlaceOf(entry, options))
            .Concat(
                whitelist
                    .Modules.Where(entry => entry.Plugin == plugin)
                    .Select(entry => WhitelistedCode.PlaceOf(entry, options))
            )
            .Prepend(PlaceOf(plugin))
            .Distinct();

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

    private async Task LoadAsync(string name, string source)
    {
        var before = previous.Loaded.Where(pair => pair.Key.Plugin == name).ToDictionary();
        var old = before.Values.FirstOrDefault()?.Files;
        try
        {
            if (old is null || old.Hash != PluginCache.Hash(source))
            {
                var files = cache.Take(name, source);
                if (Preflight.Check(files) is { } refusal)
                    Refuse(name, refusal, before);
                else
                    await TakeAsync(files, before);
            }
            else
            {
                await TakeAsync(old, before);
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            Refuse(name, $"{source} cannot be copied: {unreadable.Message}", before);
        }
    }

    private async Task TakeAsync(PluginFiles files, Dictionary<CodePlace, IPluginCode> before)
    {
        var fresh = new Dictionary<CodePlace, IPluginCode>();
        try
        {
            foreach (var place in PlacesOf(files.Name))
            {
                var isThere =
                    before.TryGetValue(place, out var code) && code.Files.Hash == files.Hash && code.Suits(options);
                if (isThere)
                    _loaded.Add(place, code!);
                else
                    fresh.Add(place, await OpenAsync(place, files));
            }
        }
        // A file that somebody built or damaged on purpose may fail in any way; it must not stop the others.
        catch (Exception broken)
        {
            foreach (var code in fresh.Values)
                code.Retire();
            foreach (var place in _loaded.Keys.Where(place => place.Plugin == files.Name).ToArray())
                _loaded.Remove(place);
            var why =
                broken is UnusableCodeException ? $"It {broken.Message}." : $"It cannot be loaded: {broken.Message}";
            Refuse(files.Name, why, before);
            return;
        }
        foreach (var (place, code) in fresh)
            _loaded.Add(place, code);
        var old = before.Values.FirstOrDefault()?.Files.ShortHash;
        var kind =
            old is null ? PluginChangeKind.Added
            : old == files.ShortHash ? PluginChangeKind.Unchanged
            : PluginChangeKind.Changed;
        _changes.Add(new PluginChange(files.Name, kind, old, files.ShortHash));
    }

    private async ValueTask<IPluginCode> OpenAsync(CodePlace place, PluginFiles files) =>
        place.Isolation == Isolation.Process ? await workers.OpenAsync(files, place.Fence, options) : LoadHere(files);

    private LoadedPlugin LoadHere(PluginFiles files)
    {
        var code = loader.Load(files.MainAssembly);
        try
        {
            return LoadedPlugin.Take(files, code, time);
        }
        catch
        {
            code.Dispose();
            throw;
        }
    }

    private void Refuse(string name, string reason, Dictionary<CodePlace, IPluginCode> before)
    {
        if (before.Count == 0)
        {
            Complain($"plugin {name}", reason);
            return;
        }
        var old = before.Values.First().Files.ShortHash;
        Complain($"plugin {name}", $"{reason} The version loaded before ({old}) stays in use.");
        foreach (var (place, code) in before)
            _loaded.Add(place, code);
        _changes.Add(new PluginChange(name, PluginChangeKind.Kept, old, old));
    }

    private void Offer(IPluginCode plugin)
    {
        var entry = options.Plugins.For(plugin.Files.Name);
        foreach (var problem in plugin.Problems)
            Complain(plugin.Title, problem);
        if (plugin.Routines.IsEmpty && plugin.Problems.IsEmpty && !IsNamedByWhitelist(plugin.Files.Name))
            Complain(
                plugin.Title,
                "It has no routine: no public static method and no public class in it has [Routine]."
            );
        foreach (var facts in plugin.Routines)
        {
            var descriptor = new RoutineDescriptor
            {
                Name = facts.Name,
                Kind = RoutineKind.Plugin,
                Help = facts.Help,
                Origin = $"{plugin.Title} {plugin.Version}",
                Parameters = [.. facts.Arguments.Select(argument => argument.Describe())],
                Policy = Policies.Of(facts.Policy, entry),
            };
            Offer(new PluginRoutine(descriptor, facts, plugin, CodeName.Routine(facts.Name), _limits), plugin.Title);
        }
    }

    private bool IsNamedByWhitelist(string plugin) =>
        whitelist.Functions.Any(entry => entry.Plugin == plugin)
        || whitelist.Modules.Any(entry => entry.Plugin == plugin);

    private void NoteEntriesWithoutPlugin()
    {
        foreach (
            var entry in options.Plugins.Entries.Where(entry => !_loaded.Keys.Any(place => place.Plugin == entry.Name))
        )
        {
            if (!_problems.Exists(problem => problem.Origin == $"plugin {entry.Name}"))
                Complain(
                    $"plugin {entry.Name}",
                    $"There is a [[plugin]] entry for it (line {entry.Line}), but no folder of that name."
                );
        }
    }

    private void Offer(PluginRoutine routine, string origin)
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
