using System.Collections.Immutable;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Scheduling;

namespace AptTask.Host;

/// <summary>What the configuration says, in the words of the engine.</summary>
internal static class EngineSettings
{
    /// <summary>The settings of an engine.</summary>
    public static EngineOptions Of(DaemonOptions options, IRoutineCatalogue catalogue) =>
        new()
        {
            Scheduling = SchedulingOf(options, catalogue),
            Ledger = new LedgerOptions
            {
                Linger = options.Results.Linger,
                EventsPerGroup = options.Results.EventsPerGroup,
                WorkLogBytes = options.Results.MaxWorklog,
            },
            ShutdownGrace = options.Server.ShutdownGrace,
        };

    /// <summary>Lanes, caps and limits.</summary>
    public static SchedulerOptions SchedulingOf(DaemonOptions options, IRoutineCatalogue catalogue) =>
        new()
        {
            Lanes = options.Lanes.ToImmutableDictionary(
                lane => new LaneName(lane.Name),
                lane => new AptTask.Scheduling.LaneOptions(lane.Width, lane.Fair, lane.Groups)
            ),
            Caps = catalogue
                .Routines.Select(routine => routine.Descriptor)
                .Where(routine => routine.Policy.Concurrency is not null)
                .ToImmutableDictionary(routine => routine.Name, routine => routine.Policy.Concurrency!.Value),
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
}
