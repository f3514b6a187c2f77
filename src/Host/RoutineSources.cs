using System.Collections.Immutable;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution;
using AptTask.Host.Execution.Commands;
using AptTask.Host.Execution.Routines;
using AptTask.Host.Execution.Workers.Remote;
using AptTask.Protocol;

namespace AptTask.Host;

/// <summary>
/// Fills the catalogue from all that can offer routines: the whitelist and the plugin folders. What was loaded before and has not
/// changed stays as it is; what is broken is kept out, with the reason, and stops nothing else.
/// </summary>
internal sealed partial class RoutineSources(
    RoutineCatalogue catalogue,
    IWorkers workers,
    RemoteWorkers remote,
    TimeProvider time,
    ILoggerFactory logs
)
{
    private readonly PluginCatalogue _plugins = new(workers, time);
    private ImmutableArray<IRunnableRoutine> _local = [];
    private readonly ILogger _log = logs.CreateLogger<RoutineSources>();

    /// <summary>Loads everything anew and puts it in the place of what was there.</summary>
    public async Task<ReloadAnswer> LoadAsync(ConfigurationOutcome setup)
    {
        var (options, whitelist) = (setup.Options!, setup.Whitelist ?? Whitelist.Empty);
        var before = catalogue.Routines;
        var next = await _plugins.PrepareAsync(options, whitelist);
        var commands = await CommandRoutines.BuildAsync(whitelist, options, time);
        // The whitelist comes first: what an administrator wrote down holds against what a plugin calls itself.
        _local = [.. commands, .. next.Routines];
        var twice = Compose();
        _plugins.Adopt(next);
        var answer = new ReloadAnswer
        {
            Changes = [.. next.Changes.Select(ChangeOf), .. ChangedCommands(before, commands)],
            Refused =
            [
                .. next.Problems.Select(problem => new ReloadProblem(problem.Origin, problem.Message)),
                .. twice.Select(name => new ReloadProblem(
                    name,
                    "There is another routine of this name; the first one holds, the whitelist before plugins."
                )),
            ],
            InUse =
            [
                .. _plugins.TakeRetired().Select(old => new Protocol.RetiredPlugin(old.Plugin, old.Hash, old.Status)),
            ],
        };
        foreach (var refused in answer.Refused)
            LogRefused(refused.Source, refused.Message);
        LogLoaded(catalogue.Routines.Length);
        return answer;
    }

    /// <summary>Takes in what workers on other machines offer now. What runs here holds against what is offered from elsewhere.</summary>
    /// <returns>The names that stand twice here.</returns>
    public ImmutableArray<string> Compose()
    {
        var own = _local.Select(routine => routine.Descriptor.Name).ToHashSet(StringComparer.Ordinal);
        return catalogue.Replace([
            .. _local,
            .. remote.Routines.Where(routine => !own.Contains(routine.Descriptor.Name)),
        ]);
    }

    private static ReloadChange ChangeOf(PluginChange change) =>
        new("plugin", change.Plugin, change.Kind.ToString().ToLowerInvariant());

    private static IEnumerable<ReloadChange> ChangedCommands(
        ImmutableArray<IRunnableRoutine> before,
        ImmutableArray<IRunnableRoutine> now
    )
    {
        var old = before
            .Where(routine => routine.Descriptor.Kind == RoutineKind.Command)
            .Select(routine => routine.Descriptor.Name)
            .ToHashSet();
        var names = now.Select(routine => routine.Descriptor.Name).ToHashSet();
        return names
            .Except(old)
            .Select(name => new ReloadChange("command", name, "added"))
            .Concat(old.Except(names).Select(name => new ReloadChange("command", name, "removed")));
    }

    [LoggerMessage(5001, LogLevel.Warning, "{Source} is kept out: {Why}")]
    private partial void LogRefused(string source, string why);

    [LoggerMessage(5002, LogLevel.Information, "{Count} routines can be run.")]
    private partial void LogLoaded(int count);
}
