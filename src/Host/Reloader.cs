using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution;
using AptTask.Host.Execution.Workers.Remote;
using AptTask.Host.Requests;
using AptTask.Protocol;
using AptTask.Scheduling;

namespace AptTask.Host;

/// <summary>
/// Takes in what has changed: configuration, whitelist, keys, plugins. Everything is read and checked first; a broken file changes
/// nothing. Running tasks finish on what they started with.
/// </summary>
internal sealed class Reloader(
    Func<ConfigurationOutcome> reread,
    RoutineSources sources,
    Access access,
    TaskEngine engine,
    RoutineCatalogue catalogue,
    RemoteWorkers workers,
    DaemonOptions first,
    TimeProvider time
) : IReloader, IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private DaemonOptions _options = first;

    /// <inheritdoc/>
    public async Task<ReloadAnswer> ReloadAsync()
    {
        await _one.WaitAsync();
        try
        {
            var setup = reread();
            if (setup.Options is not { } options)
                return Refused(setup.Problems.Select(ProblemOf));
            if (access.NeedsKey && setup.Keys.IsEmpty)
                return Refused([KeysAreGone(options.KeysFile)]);

            var answer = await sources.LoadAsync(setup);
            access.Replace(Daemon.KeysOf(setup, time));
            workers.CheckKeys();
            _options = options;
            await ScheduleAnewAsync();
            return answer;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Workers on other machines have come, gone or changed what they offer.</summary>
    public async Task FollowWorkersAsync()
    {
        await _one.WaitAsync();
        try
        {
            _ = sources.Compose();
            await ScheduleAnewAsync();
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task ScheduleAnewAsync()
    {
        var scheduling = EngineSettings.SchedulingOf(_options, catalogue, workers);
        await await engine.AskAsync(
            (ledger, now) =>
            {
                ledger.Change(new Input.Configure(scheduling), now);
                return true;
            }
        );
    }

    private static ReloadAnswer Refused(IEnumerable<ReloadProblem> problems) =>
        new()
        {
            Changes = [],
            Refused = [.. problems],
            InUse = [],
        };

    /// <summary>Without keys everyone is let in: that is decided when a daemon starts, not by a file that is missing for a while.</summary>
    private static ReloadProblem KeysAreGone(string file) =>
        new(
            file,
            "The keys are gone, so the old ones hold. Put the file back, or start the daemon anew to run without keys."
        );

    private static ReloadProblem ProblemOf(ConfigurationProblem problem) =>
        new(
            problem.File,
            problem.Suggestion is null ? problem.Message : $"{problem.Message} {problem.Suggestion}",
            problem.Line == 0 ? null : problem.Line,
            problem.Column == 0 ? null : problem.Column
        );
}
