using System.Collections.Immutable;

namespace AptTask.Host.Configuration;

/// <summary>Reads <c>whitelist.toml</c>.</summary>
internal static class WhitelistReader
{
    private const int MostEntries = 10_000;

    /// <summary>Everything that is allowed; problems are among the section's findings.</summary>
    public static Whitelist Read(Section root, string file, DaemonOptions options, FileGuard guard)
    {
        var lanes = options.Lanes.Select(lane => lane.Name).ToHashSet(StringComparer.Ordinal);
        root.Count("version", 1, 1);
        var commands = root.Tables("command");
        var functions = root.Tables("function");
        var modules = root.Tables("module");
        root.Close();
        if (commands.Count + functions.Count + modules.Count > MostEntries)
        {
            root.Findings.Problem(root.Mark, $"There are more than {MostEntries} entries.");
            return Whitelist.Empty;
        }
        var reader = new CommandReader(options, lanes, guard);
        var whitelist = new Whitelist
        {
            File = file,
            Commands = [.. commands.Select(reader.Read)],
            Functions = [.. functions.Select(section => Function(section, options, lanes))],
            Modules = [.. modules.Select(section => Module(section, options, lanes))],
        };
        CheckNames(root, [.. commands, .. functions, .. modules]);
        return whitelist;
    }

    private static FunctionEntry Function(Section section, DaemonOptions options, HashSet<string> lanes)
    {
        var entry = new FunctionEntry
        {
            Name = RulesReader.RoutineName(section),
            Summary = section.Text("summary") ?? "",
            Assembly = section.Text("assembly"),
            Plugin = section.Text("plugin"),
            Type = section.RequiredText("type"),
            Method = section.RequiredText("method"),
            Isolation = RulesReader.WhereItRuns(section),
            Sandbox = RulesReader.Profile(section, "sandbox"),
        };
        return Finish(section, entry, entry.Assembly, entry.Plugin, options, lanes);
    }

    private static ModuleEntry Module(Section section, DaemonOptions options, HashSet<string> lanes)
    {
        var functions = section.Words("functions") ?? [];
        if (functions.IsEmpty)
            section.Findings.Problem(
                section.At("functions"),
                $"{section.Name("functions")} has to say which functions may be called.",
                "For example functions = [\"Stats.*\"]."
            );
        var entry = new ModuleEntry
        {
            Name = RulesReader.RoutineName(section),
            Summary = section.Text("summary") ?? "",
            Assembly = section.Text("assembly"),
            Plugin = section.Text("plugin"),
            Functions = functions,
            Isolation = RulesReader.WhereItRuns(section),
            Sandbox = RulesReader.Profile(section, "sandbox"),
        };
        return Finish(section, entry, entry.Assembly, entry.Plugin, options, lanes);
    }

    private static T Finish<T>(
        Section section,
        T entry,
        string? assembly,
        string? plugin,
        DaemonOptions options,
        HashSet<string> lanes
    )
        where T : RoutineRules
    {
        entry = RulesReader.Read(section, entry, lanes);
        section.Close();
        if (assembly is null == plugin is null)
            section.Findings.Problem(
                section.Mark,
                "Exactly one of assembly (of the framework) and plugin has to be given."
            );
        if (entry.Timeout > options.Limits.MaxTimeout)
            section.Findings.Problem(
                section.At("timeout"),
                $"{section.Name("timeout")} is longer than limits.max_timeout ({Units.Write(options.Limits.MaxTimeout)})."
            );
        return entry;
    }

    /// <summary>Commands, functions and modules share one name space: a client says only the name.</summary>
    private static void CheckNames(Section root, ImmutableArray<Section> sections)
    {
        var seen = new Dictionary<string, TextMark>(StringComparer.Ordinal);
        foreach (var section in sections)
        {
            if (section.Text("name") is { Length: > 0 } name && !seen.TryAdd(name, section.At("name")))
                root.Findings.Problem(
                    section.At("name"),
                    $"The name \"{Printable.Of(name)}\" is taken already, in line {seen[name].Line}."
                );
        }
    }
}
