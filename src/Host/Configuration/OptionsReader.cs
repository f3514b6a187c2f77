using System.Collections.Immutable;
using System.Net;
using Cronos;

namespace AptTask.Host.Configuration;

/// <summary>Turns the root table of <c>aptask.toml</c> into options. The defaults are those of <see cref="DaemonOptions.Defaults"/>.</summary>
internal sealed class OptionsReader(Section root, DaemonOptions defaults, Findings findings)
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);
    private static readonly TimeSpan Instantly = TimeSpan.FromMilliseconds(1);

    /// <summary>Reads everything; problems are among the findings.</summary>
    public DaemonOptions Read()
    {
        var lanes = Lanes(root.Table("lanes"));
        var names = lanes.Select(lane => lane.Name).ToHashSet(StringComparer.Ordinal);
        var options = defaults with
        {
            Server = Server(root.Table("server")),
            Lanes = lanes,
            Store = Store(root.Table("store")),
            Plugins = Plugins(root.Table("plugins"), names),
            WhitelistFile = One(root.Table("whitelist"), "file", defaults.WhitelistFile),
            KeysFile = One(root.Table("keys"), "file", defaults.KeysFile) ?? defaults.KeysFile,
            Workers = Workers(root.Table("workers")),
            Sandbox = Sandbox(root.Table("sandbox")),
            Results = Results(root.Table("results")),
            Groups = [.. root.Tables("group").Select(Group)],
            Limits = Limits(root.Table("limits")),
            Log = Log(root.Table("log")),
            Audit = Audit(root.Table("audit")),
            Redis = Redis(root.Table("redis")),
            Schedules = Schedules(names),
        };
        root.Close();
        return options;
    }

    private static string? One(Section section, string key, string? otherwise)
    {
        var path = section.Path(key) ?? otherwise;
        section.Close();
        return path is "" ? null : path;
    }

    private ServerOptions Server(Section section)
    {
        var old = defaults.Server;
        var server = old with
        {
            Tcp = Door(section, "tcp", old.Tcp),
            Http = Door(section, "http", old.Http),
            Unix = Unix(section, old.Unix),
            Workers = Door(section, "workers", old.Workers),
            TlsCertificate = OrNull(section.Path("tls_certificate")),
            TlsKey = OrNull(section.Path("tls_key")),
            InsecurePlaintext = section.Truth("insecure_plaintext") ?? false,
            Hosts = section.Words("hosts") ?? [],
            Origins = section.Words("origins") ?? [],
            MaxConnections = section.Count("max_connections", 1, 65_536) ?? old.MaxConnections,
            MaxUnauthenticated = section.Count("max_unauthenticated", 1, 65_536) ?? old.MaxUnauthenticated,
            MaxUnauthenticatedPerAddress =
                section.Count("max_unauthenticated_per_address", 1, 65_536) ?? old.MaxUnauthenticatedPerAddress,
            FirstLine = section.Duration("first_line", Instantly, Year) ?? old.FirstLine,
            Idle = section.Duration("idle", Instantly, Year) ?? old.Idle,
            WriteTimeout = section.Duration("write_timeout", Instantly, Year) ?? old.WriteTimeout,
            MaxLine = (int?)section.Size("max_line", 4096, 64 * 1024 * 1024) ?? old.MaxLine,
            MaxLineUnauthenticated =
                (int?)section.Size("max_line_unauthenticated", 256, 1024 * 1024) ?? old.MaxLineUnauthenticated,
            AuthenticationDelay =
                section.Duration("authentication_delay", TimeSpan.Zero, TimeSpan.FromSeconds(30))
                ?? old.AuthenticationDelay,
            ShutdownGrace =
                section.Duration("shutdown_grace", TimeSpan.Zero, TimeSpan.FromHours(1)) ?? old.ShutdownGrace,
        };
        if (server.TlsCertificate is null != server.TlsKey is null)
        {
            var given = server.TlsCertificate is null ? "tls_key" : "tls_certificate";
            findings.Problem(
                section.At(given),
                "server.tls_certificate and server.tls_key go together; one is missing."
            );
        }
        section.Close();
        return server;
    }

    /// <summary>An address with a port, such as <c>127.0.0.1:2142</c>, <c>[::1]:2142</c> or <c>*:2142</c>; empty for none.</summary>
    private static IPEndPoint? Door(Section section, string key, IPEndPoint? otherwise)
    {
        if (section.Text(key) is not { } text)
            return otherwise;
        if (text.Length == 0)
            return null;
        var named = text switch
        {
            _ when text.StartsWith("*:", StringComparison.Ordinal) => "0.0.0.0" + text[1..],
            _ when text.StartsWith("localhost:", StringComparison.Ordinal) => "127.0.0.1" + text[9..],
            _ => text,
        };
        // Without a port TryParse answers port 0, which would mean "a free one": the colon has to be there.
        var hasPort = named[0] == '[' ? named.Contains("]:", StringComparison.Ordinal) : named.Count(':') == 1;
        if (hasPort && IPEndPoint.TryParse(named, out var door))
            return door;
        section.Findings.Problem(
            section.At(key),
            $"{section.Name(key)} must be an address with a port, not \"{Printable.Of(text)}\".",
            "For example \"127.0.0.1:2142\", \"[::1]:2142\" or \"*:2142\"; port 0 takes a free one, \"\" opens no door."
        );
        return null;
    }

    private static string? Unix(Section section, string? otherwise)
    {
        // sockaddr_un holds 108 bytes with the closing zero.
        const int longest = 107;
        var path = section.Path("unix") ?? otherwise;
        if (path is { Length: > 0 } && System.Text.Encoding.UTF8.GetByteCount(path) > longest && section.Has("unix"))
            section.Findings.Problem(
                section.At("unix"),
                $"server.unix is longer than {longest} bytes as an absolute path."
            );
        return OrNull(path);
    }

    private ImmutableArray<LaneEntry> Lanes(Section section)
    {
        const int widest = 1024;
        var lanes = ImmutableArray.CreateBuilder<LaneEntry>();
        foreach (var name in section.Keys.ToArray())
        {
            if (!IsWord(name))
                findings.Problem(
                    section.At(name),
                    $"The lane \"{Printable.Of(name)}\" must be named by letters, digits, dots, dashes and underscores."
                );
            if (section.Any(name) is not TomlNode.Table)
            {
                var width = section.Count(name, 0, widest) ?? 1;
                lanes.Add(new LaneEntry(name, Cores(width), Fair: true, []));
                continue;
            }
            var lane = section.Table(name);
            if (!lane.Has("width"))
                findings.Problem(lane.Mark, $"lanes.{name}.width is missing.", "0 takes the number of cores.");
            lanes.Add(
                new LaneEntry(
                    name,
                    Cores(lane.Count("width", 0, widest) ?? 1),
                    lane.Truth("fair") ?? true,
                    lane.Words("groups") ?? []
                )
            );
            lane.Close();
        }
        if (!lanes.Any(lane => lane.Name == LaneEntry.Default))
            lanes.InsertRange(0, defaults.Lanes);
        return lanes.ToImmutable();
    }

    private static int Cores(int count) => count == 0 ? Environment.ProcessorCount : count;

    private static bool IsWord(string name) =>
        name.Length is > 0 and <= 64
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    private StoreOptions Store(Section section)
    {
        var store = new StoreOptions(
            OrNull(section.Path("path")) ?? defaults.Store.Path,
            section.Choice(
                "durability",
                ("full", Durability.Full),
                ("normal", Durability.Normal),
                ("memory", Durability.Memory)
            ) ?? defaults.Store.Durability
        );
        section.Close();
        return store;
    }

    private PluginsOptions Plugins(Section section, HashSet<string> lanes)
    {
        var folders = section.Words("folders")?.Select(section.Absolute).ToImmutableArray();
        var cache = OrNull(section.Path("cache")) ?? defaults.Plugins.Cache;
        section.Close();
        var entries = root.Tables("plugin").ConvertAll(entry => Plugin(entry, lanes));
        Twice(root.Tables("plugin"), "name", "[[plugin]]");
        return new PluginsOptions(folders ?? defaults.Plugins.Folders, cache, [.. entries]);
    }

    private static PluginEntry Plugin(Section section, HashSet<string> lanes)
    {
        var entry = new PluginEntry
        {
            Name = section.RequiredText("name"),
            Isolation = RulesReader.WhereItRuns(section) ?? Isolation.Process,
            Sandbox = RulesReader.Profile(section, "sandbox"),
        };
        entry = RulesReader.Read(section, entry, lanes);
        section.Close();
        return entry;
    }

    private WorkersOptions Workers(Section section)
    {
        var old = defaults.Workers;
        var workers = new WorkersOptions(
            Cores(section.Count("count", 0, 1024) ?? old.Count),
            section.Count("recycle_after", 1, 1_000_000_000) ?? old.RecycleAfter,
            section.Size("memory", 64L * 1024 * 1024, 1L << 46) ?? old.Memory,
            section.Duration("heartbeat", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)) ?? old.Heartbeat,
            section.Duration("start_timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)) ?? old.StartTimeout,
            section.Duration("grace", TimeSpan.Zero, TimeSpan.FromHours(1)) ?? old.Grace,
            section.Count("max_deaths", 1, 1000) ?? old.MaxDeaths,
            section.Duration("lease", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) ?? old.Lease
        );
        section.Close();
        return workers;
    }

    private SandboxOptions Sandbox(Section section)
    {
        var old = defaults.Sandbox;
        var tools = section.Table("tools");
        var sandbox = old with
        {
            DefaultProfile = RulesReader.Profile(section, "default_profile") ?? old.DefaultProfile,
            User = section.Text("user") ?? old.User,
            AllowNone = section.Truth("allow_none") ?? false,
            AllowRoot = section.Truth("allow_root") ?? false,
            RefuseStart =
                section.Choice("on_unavailable", ("refuse-command", false), ("refuse-start", true)) ?? old.RefuseStart,
            UseTools = section.Choice("launcher", ("built-in", false), ("tools", true)) ?? old.UseTools,
            UseCgroups = section.Truth("cgroups") ?? old.UseCgroups,
            RequireCgroup = section.Truth("require_cgroup") ?? old.RequireCgroup,
            Limits = LimitsReader.Read(section, old.Limits),
            Setpriv = Tool(tools, "setpriv", old.Setpriv),
            Prlimit = Tool(tools, "prlimit", old.Prlimit),
            Setsid = Tool(tools, "setsid", old.Setsid),
            Env = Tool(tools, "env", old.Env),
            Bwrap = Tool(tools, "bwrap", old.Bwrap),
            Shell = Tool(tools, "shell", old.Shell),
        };
        tools.Close();
        section.Close();
        if (sandbox.DefaultProfile == SandboxProfile.None && !sandbox.AllowNone)
            findings.Problem(
                section.At("default_profile"),
                "sandbox.default_profile is \"none\", which sandbox.allow_none forbids."
            );
        if (sandbox.RequireCgroup && !sandbox.UseCgroups)
            findings.Problem(
                section.At("require_cgroup"),
                "sandbox.require_cgroup asks for what sandbox.cgroups = false switches off."
            );
        return sandbox;
    }

    private static string Tool(Section tools, string key, string otherwise)
    {
        if (tools.Text(key) is not { } path)
            return otherwise;
        if (!path.StartsWith('/'))
            tools.Findings.Problem(tools.At(key), $"{tools.Name(key)} must be an absolute path.");
        return path;
    }

    private ResultsOptions Results(Section section)
    {
        var old = defaults.Results;
        const int mebi = 1024 * 1024;
        var results = new ResultsOptions(
            section.Duration("linger", TimeSpan.Zero, Year) ?? old.Linger,
            section.Duration("remember", TimeSpan.Zero, Year) ?? old.Remember,
            section.Count("quota_per_group", 1, 1_000_000_000) ?? old.QuotaPerGroup,
            (int?)section.Size("max_result", 1024, 64 * mebi) ?? old.MaxResult,
            (int?)section.Size("max_posted", 1024, 64 * mebi) ?? old.MaxPosted,
            section.Size("max_worklog", 1024, 1L << 40) ?? old.MaxWorklog,
            (int?)section.Size("worklog_tail", 0, mebi) ?? old.WorklogTail,
            section.Count("events_per_group", 16, 10_000_000) ?? old.EventsPerGroup
        );
        section.Close();
        return results;
    }

    private static GroupEntry Group(Section section)
    {
        const int most = 1_000_000_000;
        var group = new GroupEntry(
            section.RequiredText("pattern"),
            section.Count("weight", 1, 1000) ?? 1,
            section.Count("running", 1, most),
            section.Count("pending", 1, most),
            section.Count("quota", 1, most)
        );
        section.Close();
        return group;
    }

    private LimitsOptions Limits(Section section)
    {
        var old = defaults.Limits;
        var limits = new LimitsOptions(
            section.Duration("max_timeout", TimeSpan.FromSeconds(1), RulesReader.LongestTimeout) ?? old.MaxTimeout,
            section.Duration("default_timeout", TimeSpan.FromSeconds(1), RulesReader.LongestTimeout)
                ?? old.DefaultTimeout,
            section.Count("max_tasks_per_submit", 1, 1_000_000) ?? old.MaxTasksPerSubmit,
            (int?)section.Size("max_arguments", 1024, 64 * 1024 * 1024) ?? old.MaxArguments,
            section.Count("inbox", 16, 1_000_000) ?? old.Inbox,
            section.Count("batch", 1, 100_000) ?? old.Batch
        );
        section.Close();
        return limits;
    }

    private LogOptions Log(Section section)
    {
        var old = defaults.Log;
        var log = new LogOptions(
            OrNull(section.Path("file") ?? old.File),
            section.Choice(
                "level",
                ("trace", LogLevel.Trace),
                ("debug", LogLevel.Debug),
                ("information", LogLevel.Information),
                ("warning", LogLevel.Warning),
                ("error", LogLevel.Error),
                ("none", LogLevel.None)
            ) ?? old.Level,
            section.Choice("format", ("text", false), ("json", true)) ?? old.Json,
            section.Truth("console") ?? old.Console,
            section.Size("roll_at", 64 * 1024, 1L << 40) ?? old.RollAt,
            section.Count("keep", 1, 1000) ?? old.Keep
        );
        section.Close();
        return log;
    }

    private AuditOptions Audit(Section section)
    {
        var audit = new AuditOptions(
            OrNull(section.Path("file") ?? defaults.Audit.File),
            section.Truth("sync") ?? defaults.Audit.Sync
        );
        section.Close();
        return audit;
    }

    private RedisOptions Redis(Section section)
    {
        var redis = new RedisOptions(OrNull(section.Text("url")), section.Text("prefix") ?? defaults.Redis.Prefix);
        section.Close();
        return redis;
    }

    private ImmutableArray<ScheduleEntry> Schedules(HashSet<string> lanes)
    {
        var sections = root.Tables("schedule");
        Twice(sections, "name", "[[schedule]]");
        return [.. sections.Select(section => Schedule(section, lanes))];
    }

    private static ScheduleEntry Schedule(Section section, HashSet<string> lanes)
    {
        var arguments = section.Table("arguments");
        var lane = section.Text("lane");
        if (lane is not null && !lanes.Contains(lane))
            section.Findings.Problem(
                section.At("lane"),
                $"There is no lane \"{Printable.Of(lane)}\".",
                Nearest.Suggest(lane, lanes)
            );
        var entry = new ScheduleEntry
        {
            Name = section.RequiredText("name"),
            Cron = Cron(section),
            TimeZone = Zone(section),
            Routine = section.RequiredText("routine"),
            Arguments = section.Json("arguments") ?? TomlJson.Of(new TomlNode.Table(arguments.Mark)),
            Group = section.Text("group") ?? "default",
            Priority = section.Count("priority", -100, 100) ?? 0,
            Lane = lane,
            Missed = section.Choice("missed", ("skip", MissedRuns.Skip), ("once", MissedRuns.Once)) ?? MissedRuns.Skip,
            Line = section.Mark.Line,
        };
        section.Close();
        return entry;
    }

    private static string Cron(Section section)
    {
        var cron = section.RequiredText("cron");
        var fields = cron.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        if (
            cron.Length > 0
            && !CronExpression.TryParse(cron, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard, out _)
        )
            section.Findings.Problem(
                section.At("cron"),
                $"{section.Name("cron")} is not a calendar expression: \"{Printable.Of(cron)}\".",
                "Five fields (minute hour day month weekday), or six with seconds first; for example \"30 2 * * *\"."
            );
        return cron;
    }

    private static TimeZoneInfo Zone(Section section)
    {
        var name = section.Text("time_zone") ?? "UTC";
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
            return zone;
        section.Findings.Problem(
            section.At("time_zone"),
            $"There is no time zone \"{Printable.Of(name)}\".",
            "For example \"UTC\" or \"Europe/Berlin\"; other names than UTC need the package tzdata."
        );
        return TimeZoneInfo.Utc;
    }

    private void Twice(List<Section> sections, string key, string what)
    {
        foreach (var again in sections.GroupBy(section => section.Text(key)).SelectMany(same => same.Skip(1)))
        {
            if (again.Text(key) is { } name)
                findings.Problem(again.At(key), $"A {what} with the {key} \"{Printable.Of(name)}\" is already there.");
        }
    }

    private static string? OrNull(string? text) => text is "" ? null : text;
}
