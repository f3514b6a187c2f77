using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines;

namespace AptTask.Host.Tests.Routines;

/// <summary>A folder that plugins are dropped into, with a catalogue that reads it. Everything in it is trusted, unless said otherwise.</summary>
internal sealed class DropFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("aptask-plugins-").FullName;
    private readonly HashSet<string> _untrusted = [];

    public DropFolder(params string[] fixtures)
    {
        Directory.CreateDirectory(Folder);
        foreach (var fixture in fixtures)
            Drop(fixture);
    }

    public string Folder => Path.Combine(_root, "plugins");

    public string Cache => Path.Combine(_root, "cache");

    public Whitelist Whitelist { get; set; } = Whitelist.Empty;

    public PluginCatalogue Catalogue { get; } = new(TimeProvider.System);

    public PluginSet Current => Catalogue.Current;

    /// <summary>Copies what a project built; an older copy of that name is replaced.</summary>
    public string Drop(string project)
    {
        var output = OutputOf(project);
        var main = Directory.GetFiles(output, "*.deps.json").Single();
        var name = Path.GetFileName(main)[..^".deps.json".Length];
        var target = Path.Combine(Folder, name);
        if (Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        foreach (var file in Directory.GetFiles(output, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(output, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return target;
    }

    public string DropFile(string plugin, byte[] main)
    {
        var target = Directory.CreateDirectory(Path.Combine(Folder, plugin)).FullName;
        File.WriteAllBytes(Path.Combine(target, plugin + ".dll"), main);
        return target;
    }

    public void Distrust(string plugin) => _untrusted.Add(plugin);

    public PluginSet Load()
    {
        var next = Prepare();
        Catalogue.Adopt(next);
        return next;
    }

    public PluginSet Prepare() => Catalogue.Prepare(Options(), Whitelist);

    public DaemonOptions Options(int maxResult = 1024 * 1024)
    {
        var defaults = DaemonOptions.Defaults(_root);
        return defaults with
        {
            Plugins = new PluginsOptions([Folder], Cache, Entries()),
            Results = defaults.Results with { MaxResult = maxResult },
        };
    }

    public IRunnableRoutine Routine(string name) =>
        Current.Routines.SingleOrDefault(routine => routine.Descriptor.Name == name)
        ?? throw new InvalidOperationException(
            $"There is no routine {name}. Problems: {string.Join(" ", Current.Problems.Select(problem => problem.ToString()))}"
        );

    public Task<AttemptEnd> RunAsync(string name, string arguments = "{}") =>
        Routine(name).RunAsync(RecordingAttempt.With(Bound(name, arguments)));

    /// <summary>The data of a run that has to succeed.</summary>
    public async Task<string> DataOfAsync(string name, string arguments = "{}")
    {
        var end = await RunAsync(name, arguments);
        Assert.IsType<Scheduling.AttemptOutcome.Succeeded>(end.Outcome);
        return Encoding.UTF8.GetString(end.Data.Span);
    }

    public Binding Bind(string name, string arguments, BindingMode mode = BindingMode.Strict) =>
        Routine(name).Bind(JsonElement.Parse(arguments), mode);

    /// <summary>The bound arguments of a binding that has to hold.</summary>
    public string Bound(string name, string arguments, BindingMode mode = BindingMode.Strict) =>
        Bind(name, arguments, mode) switch
        {
            Binding.Bound bound => Encoding.UTF8.GetString(bound.Arguments),
            Binding.Refused refused => throw new InvalidOperationException(refused.Message),
            _ => throw new InvalidOperationException(),
        };

    public Binding.Refused Refused(string name, string arguments, BindingMode mode = BindingMode.Strict) =>
        Assert.IsType<Binding.Refused>(Bind(name, arguments, mode));

    public void Dispose()
    {
        Catalogue.Adopt(PluginSet.Empty);
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>Where a project of this repository was built to, in the configuration of this test.</summary>
    public static string OutputOf(string project)
    {
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var output = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name);
        Assert.True(Directory.Exists(output), $"{project} was not built to {output}.");
        return output;
    }

    private ImmutableArray<PluginEntry> Entries() =>
        [
            .. Directory
                .GetDirectories(Folder)
                .Select(path => Path.GetFileName(path)!)
                .Select(name => new PluginEntry
                {
                    Name = name,
                    Isolation = _untrusted.Contains(name) ? Isolation.Process : Isolation.Context,
                }),
        ];
}
