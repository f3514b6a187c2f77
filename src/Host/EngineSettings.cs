using System.Collections.Immutable;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Workers.Remote;
using AptTask.Scheduling;

namespace AptTask.Host;

/// <summary>What the configuration says, in the words of the engine.</summary>
internal static class EngineSettings
{
    /// <summary>The settings of an engine.</summary>
    public static EngineOptions Of(DaemonOptions options, IRoutineCatalogue catalogue, RemoteWorkers workers) =>
        new()
        {
            Scheduling = SchedulingOf(options, catalogue, workers),
            Ledger = new LedgerOptions
            {
                Linger = options.Results.Linger,
                EventsPerGroup = options.Results.EventsPerGroup,
                WorkLogBytes = options.Results.MaxWorklog,
            },
            ShutdownGrace = options.Server.ShutdownGrace,
        };

    /// <summary>Lanes, caps and limits.</summary>
    public static SchedulerOptions SchedulingOf(
        DaemonOptions options,
        IRoutineCatalogue catalogue,
        RemoteWorkers workers
    ) =>
        new()
        {
            Lanes = Lanes(options, workers),
            Caps = Caps(catalogue, workers),
            Groups =
            [
                .. options.Groups.Select(group => new GroupLimits(group.Pattern)
                {
                    Weight = group.Weight,
                    Running = group.Running,
                    Pending = group.Pending,
                    Quota = group.Quota ?? options.Results.QuotaPerGroup,
                }),
                new GroupLimits("*") { Quota = options.Results.QuotaPerGroup },
            ],
            Remember = options.Results.Remember,
        };

    // The lanes of other machines are as wide as those machines are there; what the configuration names is its own.
    private static ImmutableDictionary<LaneName, AptTask.Scheduling.LaneOptions> Lanes(
        DaemonOptions options,
        RemoteWorkers workers
    )
    {
        var lanes = workers.Lanes.ToImmutableDictionary(
            lane => new LaneName(lane.Key),
            lane => new AptTask.Scheduling.LaneOptions(
                Math.Clamp(lane.Value, 1, AptTask.Scheduling.LaneOptions.WidthLimit),
                Fair: true,
                []
            )
        );
        return lanes.SetItems(
            options.Lanes.Select(lane =>
                KeyValuePair.Create(
                    new LaneName(lane.Name),
                    new AptTask.Scheduling.LaneOptions(lane.Width, lane.Fair, lane.Groups)
                )
            )
        );
    }

    private static ImmutableDictionary<string, int> Caps(IRoutineCatalogue catalogue, RemoteWorkers workers) =>
        workers
            .Awaited.ToImmutableDictionary(routine => routine, _ => 0)
            .SetItems(
                catalogue
                    .Routines.Select(routine => routine.Descriptor)
                    .Where(routine => routine.Policy.Concurrency is not null)
                    .Select(routine => KeyValuePair.Create(routine.Name, routine.Policy.Concurrency!.Value))
            );
}
