using System.Text.RegularExpressions;
using AptTask.Host.Configuration;

namespace AptTask.Host.Tests.Configuration;

public sealed partial class ShippedFilesTests
{
    /// <summary>One of each table, so that every key is asked for.</summary>
    private const string OneOfEach = """
        [lanes]
        NAME = { width = 1 }
        [[plugin]]
        name = "x"
        [[group]]
        pattern = "x"
        [[schedule]]
        name = "x"
        cron = "* * * * *"
        routine = "x"
        """;

    private const string OneEntryOfEach = """
        [[command]]
        name = "x"
        path = "/usr/bin/true"
        args = ["{i}", "{d}", "[f:-f]", "{b}", "{n}", "{s}", "{p}", "{h}", "{o}", "{u}", "{t}", "{e}", "{l...}"]
        no_dashdash = "a test"
        stdin = { from = "param:x" }
          [command.params]
          i = { type = "int", min = 1, max = 2 }
          d = { type = "decimal", min = 1, max = 2 }
          f = { type = "flag" }
          b = { type = "bool" }
          n = { type = "name" }
          s = { type = "string", pattern = "a" }
          p = { type = "path", under = "/" }
          h = { type = "host" }
          o = { type = "port" }
          u = { type = "url", schemes = ["https"] }
          t = { type = "duration" }
          e = { type = "enum", values = ["a"] }
          l = { type = "list", max_items = 2, of = { type = "int", min = 1, max = 2 } }
          x = { type = "text" }
        [[function]]
        name = "f"
        assembly = "System.Runtime"
        type = "System.Math"
        method = "Sqrt"
        [[module]]
        name = "m"
        plugin = "x"
        functions = ["*"]
        """;

    [Fact]
    public void The_configuration_that_ships_is_valid_and_says_the_defaults()
    {
        var outcome = Read(Repository.File("aptask.toml"));

        Assert.Empty(outcome.Problems);
        var defaults = DaemonOptions.Defaults(Repository.Root);
        var options = outcome.Options!;
        Assert.Equal(
            defaults.Server,
            options.Server with
            {
                Hosts = defaults.Server.Hosts,
                Origins = defaults.Server.Origins,
            }
        );
        Assert.Equal(defaults.Store, options.Store);
        Assert.Equal(defaults.Plugins.Folders, options.Plugins.Folders);
        Assert.Equal(defaults.WhitelistFile, options.WhitelistFile);
        Assert.Equal(defaults.KeysFile, options.KeysFile);
        Assert.Equal(defaults.Workers, options.Workers);
        Assert.Equal(defaults.Sandbox, options.Sandbox);
        Assert.Equal(defaults.Results, options.Results);
        Assert.Equal(defaults.Limits, options.Limits);
        Assert.Equal(defaults.Log, options.Log);
        Assert.Equal(defaults.Audit, options.Audit);
        Assert.Equal(defaults.Redis, options.Redis);
        Assert.Equal(
            ["textstats", "files", "http", "demo"],
            options.Plugins.Entries.Where(entry => entry.Isolation == Isolation.Context).Select(entry => entry.Name)
        );
    }

    [Fact]
    public void The_whitelist_that_ships_is_valid_harmless_and_runs_without_a_fence_that_has_to_be_installed()
    {
        var outcome = Read(Repository.File("aptask.toml"));

        Assert.Empty(outcome.Problems);
        Assert.NotEmpty(outcome.Whitelist!.Commands);
        Assert.All(outcome.Whitelist.Commands, command => Assert.Equal(SandboxProfile.Limits, command.Sandbox));
        Assert.All(outcome.Whitelist.Commands, command => Assert.Null(command.Missing));
        Assert.NotEmpty(outcome.Whitelist.Functions);
        Assert.NotEmpty(outcome.Whitelist.Modules);
    }

    [Fact]
    public void An_empty_file_gives_the_defaults()
    {
        using var folder = new ConfigurationFolder();

        var outcome = folder.Read();

        Assert.Empty(outcome.Problems);
        var defaults = DaemonOptions.Defaults(folder.Path) with { File = folder.File("aptask.toml") };
        var same = defaults with { Lanes = outcome.Options!.Lanes, Plugins = outcome.Options.Plugins };
        Assert.Equal(same.ToString(), outcome.Options.ToString());
        Assert.Equal(defaults.Lanes, outcome.Options.Lanes);
    }

    [Fact]
    public void Every_key_of_the_daemon_is_shown_in_the_file_that_ships_and_no_other()
    {
        var known = KnownKeys(OneOfEach, isWhitelist: false);

        var shown = KeysOfText(File.ReadAllText(Repository.File("aptask.toml")));
        Assert.Empty(known.Except(shown));
        Assert.Empty(shown.Except(known));
    }

    [Theory]
    [InlineData("docs/configuration.md", false)]
    [InlineData("docs/whitelist.md", true)]
    public void Every_key_is_explained_in_the_reference_and_no_other(string document, bool isWhitelist)
    {
        var known = KnownKeys(isWhitelist ? OneEntryOfEach : OneOfEach, isWhitelist);
        var explained = DocumentedKey()
            .Matches(File.ReadAllText(Repository.File(document)))
            .Select(match => match.Groups["key"].Value);
        if (!isWhitelist)
            known.UnionWith(KeysOfKeys());

        var documented = new SortedSet<string>(explained, StringComparer.Ordinal);
        Assert.Empty(known.Except(documented));
        Assert.Empty(documented.Except(known));
    }

    private static SortedSet<string> KeysOfKeys()
    {
        var findings = new Findings();
        KeysReader.Read(
            new Section(TomlTree.Parse("x", "[[key]]\nid = \"a\"\nlegacy = \"b\"", findings)!, "", "/x", findings)
        );
        return findings.KnownKeys;
    }

    private static ConfigurationOutcome Read(string path) =>
        ConfigurationReader.Read(path, [], new Dictionary<string, string>(), FileProtection.Warn);

    private static SortedSet<string> KnownKeys(string text, bool isWhitelist)
    {
        var findings = new Findings();
        var section = new Section(TomlTree.Parse("x", text, findings)!, "", "/x", findings);
        var options = DaemonOptions.Defaults("/x");
        if (isWhitelist)
            WhitelistReader.Read(section, "x", options, new FileGuard(FileProtection.Warn, findings));
        else
            new OptionsReader(section, options, findings).Read();
        Assert.Empty(findings.Problems);
        return new SortedSet<string>(findings.KnownKeys.Select(Folded), StringComparer.Ordinal);
    }

    /// <summary>Names that the user chooses become NAME, and what items of a list may say is what parameters may say.</summary>
    private static string Folded(string key) =>
        ParameterName().Replace(key, "command[].params.NAME").Replace("NAME.of.", "NAME.", StringComparison.Ordinal);

    /// <summary>The keys that stand in the file that ships, as setting or as comment.</summary>
    private static SortedSet<string> KeysOfText(string text)
    {
        var keys = new SortedSet<string>(StringComparer.Ordinal)
        {
            "lanes.NAME",
            "lanes.NAME.width",
            "lanes.NAME.fair",
            "lanes.NAME.groups",
        };
        var table = "";
        foreach (var line in text.Split('\n'))
        {
            if (TableLine().Match(line) is { Success: true } header)
            {
                table = header.Groups["name"].Value + (line.Contains("[[", StringComparison.Ordinal) ? "[]" : "");
                keys.Add(header.Groups["name"].Value);
            }
            else if (KeyLine().Match(line) is { Success: true } pair && table is not ("" or "lanes"))
            {
                keys.Add($"{table}.{pair.Groups["key"].Value}");
                if (pair.Groups["key"].Value is "retry" or "limits" or "tools")
                {
                    foreach (Match inner in InnerKey().Matches(pair.Groups["value"].Value))
                        keys.Add($"{table}.{pair.Groups["key"].Value}.{inner.Groups["key"].Value}");
                }
            }
        }
        return keys;
    }

    [GeneratedRegex(@"^(# )?\[\[?(?<name>[a-z]+)\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TableLine();

    [GeneratedRegex(@"^(# )?(?<key>[a-z_0-9]+) = (?<value>[^#]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex KeyLine();

    [GeneratedRegex(@"(?<key>[a-z_]+) = ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InnerKey();

    [GeneratedRegex(
        @"^\| `(?<key>[A-Za-z0-9_\[\].]+)` \|",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex DocumentedKey();

    [GeneratedRegex(@"command\[\]\.params\.[a-z]\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ParameterName();
}
