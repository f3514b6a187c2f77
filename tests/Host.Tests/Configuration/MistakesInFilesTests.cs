using System.Text;
using AptTask.Host.Configuration;

namespace AptTask.Host.Tests.Configuration;

public sealed class MistakesInFilesTests
{
    [Fact]
    public void Every_mistake_is_reported_at_once_each_with_its_place()
    {
        var outcome = ConfigurationFolder.Options(
            """
            [server]
            tpc = "127.0.0.1:1"
            idle = 5
            max_connections = 0

            [lanes]
            default = "two"
            """
        );

        Assert.Null(outcome.Options);
        Assert.Null(outcome.Whitelist);
        Assert.Equal(
            [
                (2, 1, "server.tpc is not known here.", "Did you mean \"tcp\"?"),
                (
                    3,
                    8,
                    "server.idle must be a duration such as \"250ms\", \"10s\", \"5m\", \"2h\" or \"7d\", not the integer 5.",
                    null
                ),
                (4, 19, "server.max_connections must be a whole number from 1 to 65536, not the integer 0.", null),
                (7, 11, "lanes.default must be a whole number from 0 to 1024, not the string \"two\".", null),
            ],
            outcome
                .Problems.OrderBy(problem => problem.Line)
                .Select(problem => (problem.Line, problem.Column, problem.Message, problem.Suggestion))
        );
    }

    [Fact]
    public void A_problem_is_shown_as_file_line_column_message_and_suggestion()
    {
        var problem = new ConfigurationProblem(
            "/etc/aptask.toml",
            2,
            1,
            "server.tpc is not known here.",
            "Did you mean \"tcp\"?"
        );

        Assert.Equal("/etc/aptask.toml:2:1: server.tpc is not known here. Did you mean \"tcp\"?", problem.ToString());
    }

    [Theory]
    [InlineData("[server]\nidle = \"1s\"\nidle = \"2s\"", 3)] // 86
    [InlineData("[server]\n[server]", 2)]
    [InlineData("[server]\nidle.x = 1\nidle = 2", 3)]
    [InlineData("[server]\nTCP = \"\"", 2)] // 87
    [InlineData("[Server]", 1)]
    [InlineData("[servers]", 1)]
    [InlineData("colour = 1", 1)]
    [InlineData("[[plugin]]\nname = \"x\"\nTimeout = \"1s\"", 3)]
    [InlineData("[log]\nfile = \"a\\u0000b\"", 2)] // 89
    [InlineData("[log]\nfile = \"a\u001bb\"", 2)]
    [InlineData("[log]\rfile = \"a\"", 1)]
    [InlineData("[results]\nmax_result = \"64MB\"", 2)] // 94
    [InlineData("[results]\nlinger = \"-5s\"", 2)]
    [InlineData("[results]\nquota_per_group = 9223372036854775808", 2)]
    [InlineData("[server]\ntcp = \"localhost\"", 2)]
    [InlineData("[server]\ntcp = \"127.0.0.1:70000\"", 2)]
    [InlineData("[server]\ntls_key = \"x.pem\"", 2)]
    [InlineData("[lanes]\n\"a b\" = 1", 2)]
    [InlineData("[lanes]\na = { fair = true }", 2)]
    [InlineData("[plugin]\nname = \"x\"", 1)]
    [InlineData("[[plugin]]\nname = \"x\"\n[[plugin]]\nname = \"x\"", 4)]
    [InlineData("[[plugin]]\nname = \"x\"\nlane = \"defautl\"", 3)]
    [InlineData("[[plugin]]\nname = \"x\"\nallow = [\"everybody\"]", 3)]
    [InlineData("[[schedule]]\nname = \"x\"\nroutine = \"x\"\ncron = \"* * *\"", 4)]
    [InlineData("[[schedule]]\nname = \"x\"\nroutine = \"x\"\ncron = \"* * * * *\"\ntime_zone = \"Mars/Olympus\"", 5)]
    [InlineData("[sandbox]\ndefault_profile = \"none\"", 2)]
    [InlineData("[sandbox]\ndefault_profile = \"insolated\"", 2)]
    [InlineData("[sandbox]\ntools = { bwrap = \"bwrap\" }", 2)]
    public void A_mistake_is_reported_with_its_line(string text, int line)
    {
        var outcome = ConfigurationFolder.Options(text);

        var problem = Assert.Single(outcome.Problems);
        Assert.Equal(line, problem.Line);
        Assert.True(problem.Column > 0, problem.ToString());
        Assert.Null(outcome.Options);
    }

    [Theory]
    [InlineData("[server]\ntpc = \"\"", "tcp")]
    [InlineData("[Server]", "server")]
    [InlineData("[results]\nremeber = \"1d\"", "remember")]
    [InlineData("[store]\ndurability = \"fulll\"", "full")]
    public void A_near_miss_is_answered_with_what_was_meant(string text, string meant)
    {
        var problem = Assert.Single(ConfigurationFolder.Options(text).Problems);

        Assert.Equal($"Did you mean \"{meant}\"?", problem.Suggestion);
    }

    /// <summary>88: every key with every type that it does not take.</summary>
    [Fact]
    public void A_value_of_a_wrong_type_is_refused_for_every_key()
    {
        var findings = new Findings();
        _ = new OptionsReader(Section("", findings), DaemonOptions.Defaults("/x"), findings).Read();
        var keys = findings
            .KnownKeys.Where(key =>
                key.Contains('.')
                && !key.Contains("[]", StringComparison.Ordinal)
                && !key.StartsWith("lanes", StringComparison.Ordinal)
            )
            .ToArray();
        Assert.True(keys.Length > 60, $"only {keys.Length} keys");
        foreach (var key in keys)
        {
            var refused = new[] { "1.5", "\"\u00e4\"", "true", "2026-11-24", "[1]", "{ a = 1 }", "-1" }.Count(value =>
            {
                var found = new Findings();
                _ = new OptionsReader(Section($"{key} = {value}", found), DaemonOptions.Defaults("/x"), found).Read();
                Assert.All(found.Problems, problem => Assert.Equal(1, problem.Line));
                return found.Problems.Count > 0;
            });
            // A string key takes one of the seven, a truth one, a table none but what it knows.
            Assert.True(refused >= 6, $"{key} refused only {refused} of 7 wrong values");
        }
    }

    [Theory]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF })]
    [InlineData(new byte[] { 0xFE, 0xFF, 0, (byte)'a' })]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'a', 0 })]
    [InlineData(new byte[] { (byte)'#', 0xC0, 0xAF })]
    [InlineData(new byte[] { (byte)'#', 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { (byte)'a', 0, (byte)'=', (byte)'1' })]
    public void Bytes_that_are_not_plain_UTF8_are_refused(byte[] bytes)
    {
        using var folder = new ConfigurationFolder();

        var outcome = folder.With("aptask.toml", bytes).Read();

        Assert.Contains(outcome.Problems, problem => problem.Line == 1);
        Assert.Null(outcome.Options);
    }

    [Fact]
    public void A_byte_that_is_not_UTF8_is_found_where_it_stands()
    {
        using var folder = new ConfigurationFolder();

        var outcome = folder.With("aptask.toml", [.. Encoding.UTF8.GetBytes("[log]\n# \u00e4 "), 0xFF]).Read();

        var problem = Assert.Single(outcome.Problems);
        Assert.Equal((2, 6), (problem.Line, problem.Column));
    }

    /// <summary>90.</summary>
    [Theory]
    [InlineData("a long file")]
    [InlineData("a deep array")]
    [InlineData("a deep array behind strings")]
    [InlineData("a deep table")]
    [InlineData("a long dotted key")]
    [InlineData("a long string")]
    [InlineData("many tables")]
    public void A_monstrous_file_is_refused_quickly(string monster)
    {
        var text = monster switch
        {
            "a long file" => "#" + new string('x', 2 * 1024 * 1024),
            "a deep array" => "a = " + new string('[', 100_000),
            "a deep array behind strings" => "a = [\"\"\"a\"b\"\"\", '''c'd''', " + new string('[', 100_000),
            "a deep table" => "a = " + string.Concat(Enumerable.Repeat("{a=", 50_000)),
            "a long dotted key" => string.Join('.', Enumerable.Repeat("a", 100_000)) + " = 1",
            "a long string" => "a = \"" + new string('x', 32 * 1024 * 1024) + "\"",
            _ => string.Concat(Enumerable.Range(0, 25_000).Select(i => $"[[command]]\nname = \"c{i}\"\n")),
        };
        var started = TimeProvider.System.GetTimestamp();

        var outcome =
            monster == "many tables" ? ConfigurationFolder.Whitelist(text) : ConfigurationFolder.Options(text);

        Assert.NotEmpty(outcome.Problems);
        Assert.Null(outcome.Options);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Text_of_a_file_cannot_forge_lines_of_a_message()
    {
        var outcome = ConfigurationFolder.Options("[server]\ntcp = \"a\\nb\\tc\u202e\"\n\"x\\ny\" = 1");

        Assert.All(outcome.Problems, problem => Assert.DoesNotContain(problem.ToString(), char.IsControl));
        Assert.DoesNotContain(outcome.Problems, problem => problem.ToString().Contains('\u202e'));
        Assert.Equal(2, outcome.Problems.Length);
    }

    private static Section Section(string text, Findings findings) =>
        new(TomlTree.Parse("x", text, findings)!, "", "/x", findings);
}
