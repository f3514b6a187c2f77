using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines;
using AptTask.Host.Execution.Workers;

namespace AptTask.Host.Tests.Routines;

/// <summary>A folder that plugins are dropped into, with a catalogue that reads it. Everything in it is trusted, unless said otherwise.</summary>
internal sealed class DropFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("aptask-plugins-").FullName;
    private readonly HashSet<string> _untrusted = [];

    private const UnixFileMode Readable =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    public DropFolder(params string[] fixtures)
    {
        // Workers are another user when the tests are run by root, and that user has to reach the copies.
        File.SetUnixFileMode(_root, Readable);
        Workers = new WorkerPools(TimeProvider.System);
        Catalogue = new PluginCatalogue(Workers, TimeProvider.System);
        Directory.CreateDirectory(Folder);
        foreach (var fixture in fixtures)
            Drop(fixture);
    }

    public string Folder => Path.Combine(_root, "plugins");

    public string Cache => Path.Combine(_root, "cache");

    public Whitelist Whitelist { get; set; } = Whitelist.Empty;

    /// <summary>The processes for what is not trusted.</summary>
    public WorkerPools Workers { get; }

    public PluginCatalogue Catalogue { get; }

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

    /// <summary>How workers are kept.</summary>
    public Func<WorkersOptions, WorkersOptions> WorkerRules { get; set; } = rules => rules;

    /// <summary>Takes in what there is, all of it trusted: no process has to be waited for.</summary>
    public PluginSet Load()
    {
        var next = Prepare();
        Catalogue.Adopt(next);
        return next;
    }

    public PluginSet Prepare()
    {
        var preparing = PrepareAsync();
        Assert.True(preparing.IsCompletedSuccessfully, "Something in it is not trusted: use LoadAsync.");
#pragma warning disable VSTHRD002 // It has completed.
        return preparing.Result;
#pragma warning restore VSTHRD002
    }

    public async Task<PluginSet> LoadAsync()
    {
        var next = await PrepareAsync();
        Catalogue.Adopt(next);
        return next;
    }

    public Task<PluginSet> PrepareAsync() => Catalogue.PrepareAsync(Options(), Whitelist);

    public DaemonOptions Options(int maxResult = 1024 * 1024)
    {
        var defaults = DaemonOptions.Defaults(_root);
        return defaults with
        {
            Plugins = new PluginsOptions([Folder], Cache, Entries()),
            Results = defaults.Results with { MaxResult = maxResult },
            Workers = WorkerRules(defaults.Workers),
            Sandbox = defaults.Sandbox with { DefaultProfile = SandboxProfile.Limits },
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
        Assert.True(end.Outcome is Scheduling.AttemptOutcome.Succeeded, $"{end.Outcome}: {end.Message}");
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
        Workers.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>The one version of a plugin in a set.</summary>
    public static IPluginCode CodeOf(PluginSet set, string plugin) =>
        Assert.Single(set.Loaded, pair => pair.Key.Plugin == plugin).Value;

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
