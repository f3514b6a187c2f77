using System.Globalization;
using AptTask.Protocol;
using Spectre.Console;

namespace AptTask.Cli.Views;

/// <summary>What administrators see.</summary>
internal static class AdminPages
{
    private const double BytesOfMebibyte = 1024 * 1024;

    /// <summary>What a reload took in.</summary>
    public static void Print(IAnsiConsole console, ReloadAnswer answer)
    {
        var changes = new Columns("change", "kind", "name");
        foreach (var change in answer.Changes.Where(change => change.Change != "unchanged"))
            changes.Add(change.Change, change.Kind, change.Name);
        changes.Print(console, "Nothing changed.");
        foreach (var problem in answer.Refused)
        {
            var place = problem.Line is { } line ? $"{problem.Source}:{line}:{problem.Column}" : problem.Source;
            console.WriteLine($"refused: {TerminalText.Line(place)}: {TerminalText.Line(problem.Message)}");
        }
        foreach (var old in answer.InUse)
            console.WriteLine(
                $"still in use: {TerminalText.Line(old.Plugin)} {TerminalText.Line(old.Version)}: {TerminalText.Line(old.Why)}"
            );
    }

    /// <summary>Counts and measures.</summary>
    public static void Print(IAnsiConsole console, StatsAnswer stats) =>
        Columns.PrintFacts(
            console,
            ("version", stats.Version),
            ("process", stats.Pid is { } pid ? Number(pid) : null),
            ("up", TimeText.Duration(TimeSpan.FromSeconds(stats.UptimeSeconds))),
            ("draining", stats.Draining == true ? "yes" : null),
            ("states", Counts(stats.States)),
            ("lanes", Counts(stats.Lanes)),
            ("groups", Counts(stats.Groups)),
            ("routines", Counts(stats.Routines)),
            ("since start", Counts(stats.Totals)),
            ("per second", Measures(stats.Rates)),
            ("seconds", Measures(stats.Latencies)),
            (
                "store",
                stats.Store is { } store
                    ? $"{store.Durability}, {store.Path ?? "in memory"}{Size(", ", store.Bytes)}"
                    : null
            ),
            ("memory", Size("", stats.MemoryBytes)),
            ("connections", stats.Connections is { } open ? Number(open) : null)
        );

    /// <summary>The workers.</summary>
    public static void Print(IAnsiConsole console, WorkersAnswer answer)
    {
        var columns = new Columns(
            "worker",
            "kind",
            "state",
            ">pid",
            "address",
            "lanes",
            "tasks",
            ">finished",
            ">memory"
        );
        foreach (var worker in answer.Workers)
        {
            columns.Add(
                worker.Name,
                worker.Kind,
                worker.State,
                worker.Pid is { } pid ? Number(pid) : "",
                worker.Address,
                worker.Lanes is null ? "" : string.Join(' ', worker.Lanes.Select(lane => $"{lane.Key}={lane.Value}")),
                worker.TaskIds is null ? "" : string.Join(' ', worker.TaskIds),
                worker.Finished is { } finished ? Number(finished) : "",
                Size("", worker.MemoryBytes)
            );
        }
        columns.Print(console, "No workers: none is needed now.");
    }

    /// <summary>The lanes.</summary>
    public static void Print(IAnsiConsole console, LanesAnswer answer)
    {
        var columns = new Columns("lane", ">width", ">used", ">ready", "paused", "fair", "groups", "running");
        foreach (var lane in answer.Lanes)
        {
            columns.Add(
                lane.Name,
                Number(lane.Width),
                Number(lane.Used),
                Number(lane.Ready),
                lane.Paused ? "yes" : "",
                lane.Fair ? "yes" : "no",
                lane.Groups is null ? "all" : string.Join(' ', lane.Groups),
                string.Join(' ', lane.Running)
            );
        }
        columns.Print(console, "No lanes.");
    }

    /// <summary>The groups.</summary>
    public static void Print(IAnsiConsole console, GroupsAnswer answer)
    {
        var columns = new Columns("group", ">waiting", ">ready", ">running", ">backing off", ">kept", "paused");
        foreach (var group in answer.Groups)
        {
            columns.Add(
                group.Name,
                Number(group.Waiting),
                Number(group.Ready),
                Number(group.Running),
                Number(group.BackingOff),
                Number(group.Kept),
                group.Paused ? "yes" : ""
            );
        }
        columns.Print(console, "No groups: nobody has submitted anything.");
    }

    private static string? Counts(IReadOnlyDictionary<string, long>? counts) =>
        counts is null ? null : string.Join(", ", counts.Select(count => $"{count.Key} {Number(count.Value)}"));

    private static string? Measures(IReadOnlyDictionary<string, double>? measures) =>
        measures is null
            ? null
            : string.Join(
                ", ",
                measures.Select(one => $"{one.Key} {one.Value.ToString("0.###", CultureInfo.InvariantCulture)}")
            );

    private static string Size(string before, long? bytes) =>
        bytes is { } given
            ? $"{before}{(given / BytesOfMebibyte).ToString("0.0", CultureInfo.InvariantCulture)} MiB"
            : "";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
