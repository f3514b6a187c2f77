using System.Collections.Immutable;
using System.Net;

namespace AptTask.Host.Configuration;

/// <summary>Everything that <c>aptask.toml</c>, the environment and <c>--set</c> say, checked and complete: paths are absolute, ranges hold.</summary>
internal sealed record DaemonOptions
{
    /// <summary>The file that was read; null when the defaults hold.</summary>
    public string? File { get; init; }

    /// <summary>The folder that relative paths were resolved against.</summary>
    public required string Folder { get; init; }

    /// <summary>Doors and their limits.</summary>
    public required ServerOptions Server { get; init; }

    /// <summary>The lanes, <c>default</c> always among them, in the order of the file.</summary>
    public required ImmutableArray<LaneEntry> Lanes { get; init; }

    /// <summary>Where tasks and results are kept.</summary>
    public required StoreOptions Store { get; init; }

    /// <summary>Where plugins come from and what the administrator says about each.</summary>
    public required PluginsOptions Plugins { get; init; }

    /// <summary>The absolute path of the whitelist; null for none.</summary>
    public string? WhitelistFile { get; init; }

    /// <summary>The absolute path of the keys; the file need not be there.</summary>
    public required string KeysFile { get; init; }

    /// <summary>Worker processes, local and remote.</summary>
    public required WorkersOptions Workers { get; init; }

    /// <summary>How commands and workers are fenced.</summary>
    public required SandboxOptions Sandbox { get; init; }

    /// <summary>How long and how much is kept.</summary>
    public required ResultsOptions Results { get; init; }

    /// <summary>Limits of groups; the first pattern that matches holds.</summary>
    public ImmutableArray<GroupEntry> Groups { get; init; } = [];

    /// <summary>Bounds on what clients may ask for.</summary>
    public required LimitsOptions Limits { get; init; }

    /// <summary>The daemon's own log.</summary>
    public required LogOptions Log { get; init; }

    /// <summary>Who did what, as JSON lines.</summary>
    public required AuditOptions Audit { get; init; }

    /// <summary>Posting of states and results to a Redis server.</summary>
    public required RedisOptions Redis { get; init; }

    /// <summary>Submissions by the calendar.</summary>
    public ImmutableArray<ScheduleEntry> Schedules { get; init; } = [];

    /// <summary>What holds when nothing is said.</summary>
    /// <param name="folder">The absolute folder that relative paths are resolved against.</param>
    public static DaemonOptions Defaults(string folder)
    {
        string At(string relative) => Path.Combine(folder, relative);
        return new DaemonOptions
        {
            Folder = folder,
            Server = new ServerOptions
            {
                Tcp = new IPEndPoint(IPAddress.Loopback, 2142),
                Http = new IPEndPoint(IPAddress.Loopback, 2143),
                Unix = At("var/aptask.sock"),
                MaxConnections = 1024,
                MaxUnauthenticated = 64,
                MaxUnauthenticatedPerAddress = 8,
                FirstLine = TimeSpan.FromSeconds(3),
                Idle = TimeSpan.FromSeconds(120),
                WriteTimeout = TimeSpan.FromSeconds(10),
                MaxLine = 1024 * 1024,
                MaxLineUnauthenticated = 4096,
                AuthenticationDelay = TimeSpan.FromMilliseconds(250),
                ShutdownGrace = TimeSpan.FromSeconds(10),
            },
            Lanes = [new LaneEntry(LaneEntry.Default, 2, Fair: true, [])],
            Store = new StoreOptions(At("var/aptask.db"), Durability.Full),
            Plugins = new PluginsOptions([At("artifacts/plugins")], At("var/plugins"), []),
            WhitelistFile = At("whitelist.toml"),
            KeysFile = At("keys.toml"),
            Workers = new WorkersOptions(
                Environment.ProcessorCount,
                10_000,
                512L * 1024 * 1024,
                TimeSpan.FromSeconds(1),
                TimeSpan.FromSeconds(30),
                TimeSpan.FromSeconds(5),
                3,
                TimeSpan.FromSeconds(10)
            ),
            Sandbox = new SandboxOptions
            {
                DefaultProfile = SandboxProfile.Isolated,
                User = "nobody",
                Limits = CommandLimits.Unlimited,
                Setpriv = "/usr/bin/setpriv",
                Prlimit = "/usr/bin/prlimit",
                Setsid = "/usr/bin/setsid",
                Env = "/usr/bin/env",
                Bwrap = "/usr/bin/bwrap",
                Shell = "/bin/sh",
            },
            Results = new ResultsOptions(
                TimeSpan.FromMinutes(10),
                TimeSpan.FromDays(7),
                2_000_000,
                1024 * 1024,
                1024 * 1024,
                16L * 1024 * 1024,
                64 * 1024,
                10_000
            ),
            Limits = new LimitsOptions(TimeSpan.FromDays(1), TimeSpan.FromMinutes(10), 10_000, 256 * 1024, 1024, 1024),
            Log = new LogOptions(
                At("var/aptask.log"),
                LogLevel.Information,
                Json: false,
                Console: true,
                16L * 1024 * 1024,
                5
            ),
            Audit = new AuditOptions(At("var/audit.log"), Sync: false),
            Redis = new RedisOptions(null, "aptask:"),
        };
    }
}
