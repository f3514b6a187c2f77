using System.Text;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Tests.Configuration;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Commands;

public sealed class BindingTests
{
    private const string Tail = """
        args = ["-n", "{lines}", "[quiet:--quiet]", "--", "/var/log/{service}.log", "{files...}"]
        params.lines = { type = "int", min = 1, max = 1000, default = 100 }
        params.quiet = { type = "flag", default = false }
        params.service = { type = "enum", values = ["web", "api"] }
        params.files = { type = "list", max_items = 20, of = { type = "name" }, default = ["a"] }
        """;

    [Theory]
    [InlineData("""{"service":"web"}""", "-n 100 -- /var/log/web.log a")]
    [InlineData("""{"service":"api","lines":5,"quiet":true}""", "-n 5 --quiet -- /var/log/api.log a")]
    [InlineData("""{"files":["x","y.z","_"],"service":"web"}""", "-n 100 -- /var/log/web.log x y.z _")]
    [InlineData("""[7,true,"web",["b"]]""", "-n 7 --quiet -- /var/log/web.log b")]
    public void Arguments_fill_their_places_in_the_template(string arguments, string expected) =>
        Assert.Equal(expected, string.Join(' ', Entries.Tokens(Entries.Binder(Tail), arguments)));

    [Fact]
    public void What_is_kept_is_what_was_given_in_the_order_of_the_parameters()
    {
        var bound = Assert.IsType<Binding.Bound>(
            Entries.Binder(Tail).Bind(Entries.Json("""{ "service": "web", "lines": 5 }"""), BindingMode.Strict)
        );

        Assert.Equal("""{"lines":5,"service":"web"}""", Encoding.UTF8.GetString(bound.Arguments));
    }

    [Fact]
    public void Braces_are_written_twice()
    {
        var binder = Entries.Binder("args = [\"+{{\\\"a\\\":%s}}\", \"{n}}}\"]\nparams.n = { type = \"name\" }");

        Assert.Equal(["+{\"a\":%s}", "x}"], Entries.Tokens(binder, """{"n":"x"}"""));
    }

    [Fact]
    public void An_old_client_sends_everything_as_text()
    {
        var binder = Entries.Binder(Tail);

        Assert.Equal(
            ["-n", "5", "--quiet", "--", "/var/log/web.log", "a"],
            Entries.Tokens(binder, """{"service":"web","lines":"5","quiet":"true"}""", BindingMode.Coerce)
        );
        Assert.Equal(
            "bad_argument",
            Entries.Refusal(binder, """{"service":"web","lines":" 5"}""", BindingMode.Coerce).Code
        );
    }

    [Theory] // 34
    [InlineData("1001")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e2")]
    [InlineData("1.0")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("\"5\"")]
    [InlineData("9223372036854775808")]
    [InlineData("[1]")]
    public void A_number_is_taken_strictly(string value) => RefusedLines(value, BindingMode.Strict);

    [Theory]
    [InlineData("\" 1\"")]
    [InlineData("\"+1\"")]
    [InlineData("\"01\"")]
    [InlineData("\"1\\u0000\"")]
    [InlineData("\"\u0661\"")]
    [InlineData("\"1e2\"")]
    [InlineData("\"-0\"")]
    [InlineData("\"\"")]
    public void A_number_as_text_is_taken_strictly_too(string value) => RefusedLines(value, BindingMode.Coerce);

    private static void RefusedLines(string value, BindingMode mode)
    {
        var refused = Entries.Refusal(Entries.Binder(Tail), $$"""{"service":"web","lines":{{value}}}""", mode);

        Assert.Equal(("bad_argument", "lines"), (refused.Code, refused.Argument));
        Assert.Contains("a whole number from 1 to 1000", refused.Message, StringComparison.Ordinal);
    }

    [Theory] // 35
    [InlineData("Web")]
    [InlineData("web\\n")]
    [InlineData("web ")]
    [InlineData("w\\u0435b")]
    [InlineData("")]
    public void A_word_is_one_of_the_list_or_nothing(string value) =>
        Assert.Equal("service", Entries.Refusal(Entries.Binder(Tail), $$"""{"service":"{{value}}"}""").Argument);

    [Theory] // 36
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a/b")]
    [InlineData("a\\\\b")]
    [InlineData("-rf")]
    [InlineData("--help")]
    [InlineData("")]
    [InlineData(".hidden")]
    public void A_name_can_never_leave_its_folder_or_become_an_option(string value) => RefusedName(value);

    [Theory] // 40, 11, 12
    [InlineData("-oProxyCommand=touch")]
    [InlineData("\\u2013rf")]
    [InlineData("\\uff0drf")]
    [InlineData("\\u00ad-rf")]
    [InlineData("\\ud800")]
    [InlineData("a\\u0000b")]
    [InlineData("a\\u202eb")]
    [InlineData("e\\u0301")]
    [InlineData("\\u212a")]
    public void No_text_gets_past_the_first_check_in_disguise(string value)
    {
        RefusedName(value);
        var free = Entries.Binder(
            "args = [\"--\", \"{s}\"]\nparams.s = { type = \"string\", pattern = \".*\", unicode = false }"
        );
        Assert.Equal("s", Entries.Refusal(free, $$"""{"s":"{{value}}"}""").Argument);
    }

    private static void RefusedName(string value) =>
        Assert.Equal(
            "n",
            Entries
                .Refusal(Entries.Binder("args = [\"{n}\"]\nparams.n = { type = \"name\" }"), $$"""{"n":"{{value}}"}""")
                .Argument
        );

    [Theory] // 37, 38
    [InlineData("[a-z]+", "abc\\n")]
    [InlineData("[a-z]+", "abc\\u2028")]
    [InlineData("a|b", "a;evil")]
    [InlineData("^a|b$", "a;evil")]
    [InlineData("\\\\d+", "\\u0661")]
    [InlineData("[a-z]+", "\\u212a")]
    public void A_pattern_matches_the_whole_value(string pattern, string value)
    {
        var binder = Entries.Binder(
            $"args = [\"--\", \"{{s}}\"]\nparams.s = {{ type = \"string\", pattern = \"{pattern}\" }}"
        );

        Assert.Equal("bad_argument", Entries.Refusal(binder, $$"""{"s":"{{value}}"}""").Code);
    }

    [Fact]
    public void No_value_makes_a_pattern_slow()
    {
        var binder = Entries.Binder(
            "args = [\"--\", \"{s}\"]\nparams.s = { type = \"string\", pattern = \"(a+)+\", max_len = 8000 }"
        );
        var started = TimeProvider.System.GetTimestamp();

        Entries.Refusal(binder, $$"""{"s":"{{new string('a', 7999)}}!"}""");

        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(2));
    }

    [Theory] // 39
    [InlineData("$(touch /tmp/x)")]
    [InlineData("`id`")]
    [InlineData(";id")]
    [InlineData("|id")]
    [InlineData("a && b")]
    [InlineData(">x")]
    [InlineData("*")]
    [InlineData("~")]
    [InlineData("$HOME")]
    [InlineData("a b  c")]
    [InlineData("'\"'")]
    [InlineData("\\")]
    public void Signs_that_mean_something_to_a_shell_are_only_signs(string value)
    {
        var binder = Entries.Binder("args = [\"--\", \"{s}\"]\nparams.s = { type = \"string\", pattern = \".*\" }");

        Assert.Equal(["--", value], Entries.Tokens(binder, JsonSerializer.Serialize(new { s = value })));
    }

    [Theory] // 41
    [InlineData("[\"-x\"]")]
    [InlineData("[]")]
    [InlineData("[[\"a\"]]")]
    [InlineData(
        "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\",\"k\",\"l\",\"m\",\"n\",\"o\",\"p\",\"q\",\"r\",\"s\",\"t\",\"u\"]"
    )]
    [InlineData("\"a\"")]
    [InlineData("[null]")]
    public void A_list_holds_a_bounded_number_of_checked_values(string value) =>
        Assert.Equal(
            "files",
            Entries.Refusal(Entries.Binder(Tail), $$"""{"service":"web","files":{{value}}}""").Argument
        );

    [Theory] // 44
    [InlineData("ot_x")]
    [InlineData("__proto__")]
    [InlineData("user")]
    [InlineData("env")]
    [InlineData("cwd")]
    [InlineData("timeout")]
    [InlineData("Lines")]
    [InlineData("lines ")]
    [InlineData("\\ud800")]
    public void An_argument_that_is_not_declared_is_refused(string name)
    {
        var refused = Entries.Refusal(Entries.Binder(Tail), $$"""{"service":"web","{{name}}":1}""");

        Assert.Equal("unknown_argument", refused.Code);
        Assert.Contains("it takes lines, quiet, service, files", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_near_miss_is_answered_with_the_argument_that_was_meant() =>
        Assert.EndsWith(
            "Did you mean \"service\"?",
            Entries.Refusal(Entries.Binder(Tail), """{"sevrice":"web"}""").Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_missing_a_doubled_and_a_superfluous_argument_are_refused()
    {
        var binder = Entries.Binder(Tail);

        Assert.Equal(
            ("bad_argument", "service"),
            (Entries.Refusal(binder, "{}").Code, Entries.Refusal(binder, "{}").Argument)
        );
        Assert.Contains(
            "given twice",
            Entries.Refusal(binder, """{"service":"web","service":"api"}""").Message,
            StringComparison.Ordinal
        );
        Assert.Equal("unknown_argument", Entries.Refusal(binder, """[1,true,"web",["a"],5]""").Code);
        Assert.Equal("bad_argument", Entries.Refusal(binder, "5").Code);
    }

    [Fact] // 45
    public void What_is_too_large_is_refused_before_the_system_would_refuse_it()
    {
        var one = Entries.Binder(
            "args = [\"--\", \"{s}\"]\nparams.s = { type = \"string\", pattern = \"a*\", max_len = 1000000 }"
        );
        var many = Entries.Binder(
            "args = [\"--\", \"{s...}\", \"{s...}\"]\nparams.s = { type = \"list\", max_items = 200, of = { type = \"string\", pattern = \"a*\", max_len = 8000 } }"
        );
        var input = Entries.Binder("stdin = { from = \"param:t\", max = \"1KiB\" }\nparams.t = { type = \"text\" }");

        Assert.Equal(8192, Entries.Tokens(one, $$"""{"s":"{{new string('a', 8192)}}"}""")[1].Length);
        Assert.Equal("too_large", Entries.Refusal(one, $$"""{"s":"{{new string('a', 8193)}}"}""").Code);
        Assert.Equal(
            "too_large",
            Entries.Refusal(many, $$"""{"s":[{{string.Join(',', Enumerable.Repeat("\"a\"", 130))}}]}""").Code
        );
        Assert.Equal(
            "too_large",
            Entries
                .Refusal(
                    many,
                    $$"""{"s":["{{new string('a', 8000)}}","{{new string('a', 8000)}}","{{new string('a', 8000)}}","{{new string('a', 8000)}}","{{new string('a', 8000)}}"]}"""
                )
                .Code
        );
        Assert.Equal("too_large", Entries.Refusal(input, $$"""{"t":"{{new string('a', 1025)}}"}""").Code);
    }

    [Fact]
    public void Text_for_standard_input_may_hold_lines_and_dashes_and_never_reaches_the_arguments()
    {
        var binder = Entries.Binder("args = [\"-c\"]\nstdin = { from = \"param:t\" }\nparams.t = { type = \"text\" }");
        var bound = Assert.IsType<Binding.Bound>(
            binder.Bind(Entries.Json("""{"t":"- a\n\tb\u00e4"}"""), BindingMode.Strict)
        );

        var line = binder.Complete(bound.Arguments, new Dictionary<string, DependencyResult>(), out _)!;

        Assert.Equal(["-c"], line.Arguments);
        Assert.Equal("- a\n\tb\u00e4", Encoding.UTF8.GetString(line.StandardInput.Span));
        Assert.Equal("t", Entries.Refusal(binder, """{"t":"\u001b[31m"}""").Argument);
        Assert.Equal("t", Entries.Refusal(binder, """{"t":"a\rb"}""").Argument);
    }

    [Fact] // 48
    public void Standard_input_of_a_command_that_takes_none_is_an_unknown_argument() =>
        Assert.Equal("unknown_argument", Entries.Refusal(Entries.Binder("args = []"), """{"stdin":"id"}""").Code);

    [Theory] // 43
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:pw@h/")]
    [InlineData("http://user@h/")]
    [InlineData("gopher://h/")]
    [InlineData("http://h\\n")]
    [InlineData("http://h/ x")]
    [InlineData("http:h")]
    [InlineData("//h/")]
    [InlineData("http://other.org/")]
    [InlineData("http://h.example.org.evil.net/")]
    [InlineData("http://h\\\\@evil.net/")]
    public void A_URL_of_another_scheme_host_or_form_is_refused(string url)
    {
        var binder = Entries.Binder(
            "args = [\"{u}\"]\nparams.u = { type = \"url\", schemes = [\"http\"], hosts = [\"h\", \".example.org\"] }"
        );

        Assert.Equal("u", Entries.Refusal(binder, $$"""{"u":"{{url}}"}""").Argument);
    }

    [Theory]
    [InlineData("HTTP://H", "http://h/")]
    [InlineData("http://www.example.org/a/../b?c=d#e", "http://www.example.org/b?c=d#e")]
    public void A_URL_is_passed_in_its_canonical_form(string url, string expected)
    {
        var binder = Entries.Binder(
            "args = [\"{u}\"]\nparams.u = { type = \"url\", schemes = [\"http\"], hosts = [\"h\", \".example.org\"] }"
        );

        Assert.Equal([expected], Entries.Tokens(binder, $$"""{"u":"{{url}}"}"""));
    }

    [Theory]
    [InlineData("host", "example.org", true)]
    [InlineData("host", "::1", true)]
    [InlineData("host", "Example.org", false)]
    [InlineData("host", "a..b", false)]
    [InlineData("host", "a b", false)]
    [InlineData("date", "2026-02-28", true)]
    [InlineData("date", "2026-02-30", false)]
    [InlineData("date", "2026-2-3", false)]
    [InlineData("duration", "90s", true)]
    [InlineData("duration", "999h ", false)]
    [InlineData("uuid", "0f8fad5b-d9cb-469f-a165-70867728950e", true)]
    [InlineData("uuid", "{0f8fad5b-d9cb-469f-a165-70867728950e}", false)]
    public void Each_form_of_text_is_exact(string type, string value, bool isGood)
    {
        var binder = Entries.Binder($"args = [\"{{v}}\"]\nparams.v = {{ type = \"{type}\" }}");

        if (isGood)
            Assert.Equal([value], Entries.Tokens(binder, $$"""{"v":"{{value}}"}"""));
        else
            Assert.Equal("v", Entries.Refusal(binder, $$"""{"v":"{{value}}"}""").Argument);
    }

    [Fact]
    public void A_value_behind_its_option_may_begin_with_a_dash()
    {
        var binder = Entries.Binder("args = [\"--grep={s}\"]\nparams.s = { type = \"string\", pattern = \".*\" }");

        Assert.Equal(["--grep=-x"], Entries.Tokens(binder, """{"s":"-x"}"""));
    }

    [Fact] // 42
    public void A_path_stays_below_its_folder_links_followed()
    {
        using var folder = new ConfigurationFolder();
        var data = Directory.CreateDirectory(folder.File("data")).FullName;
        Directory.CreateDirectory(folder.File("data-evil"));
        File.WriteAllText(Path.Combine(data, "a"), "");
        File.CreateSymbolicLink(Path.Combine(data, "out"), "/etc/passwd");
        File.CreateSymbolicLink(Path.Combine(data, "nowhere"), folder.File("not-there-yet"));
        File.CreateSymbolicLink(Path.Combine(data, "up"), "..");
        File.CreateSymbolicLink(Path.Combine(data, "in"), "a");
        var binder = Entries.Binder($"args = [\"{{p}}\"]\nparams.p = {{ type = \"path\", under = \"{data}\" }}");
        var existing = Entries.Binder(
            $"args = [\"{{p}}\"]\nparams.p = {{ type = \"path\", under = \"{data}\", must_exist = true }}"
        );

        Assert.Equal([data + "/a"], Entries.Tokens(binder, $$"""{"p":"{{data}}/a"}"""));
        Assert.Equal([data + "/a"], Entries.Tokens(binder, """{"p":"a"}"""));
        Assert.Equal([data + "/a"], Entries.Tokens(existing, """{"p":"in"}"""));
        Assert.Equal([data + "/new/file"], Entries.Tokens(binder, """{"p":"new/file"}"""));
        Assert.Equal("p", Entries.Refusal(existing, """{"p":"new"}""").Argument);
        foreach (
            var bad in new[]
            {
                data + "/../../etc/passwd",
                folder.Path + "/data-evil/x",
                "//srv/data",
                "/" + data + "/a",
                data + "//a",
                data + "/./a",
                data + "/out",
                data + "/nowhere",
                data + "/nowhere/x",
                data + "/up",
                data + "/up/x",
                "../x",
                "",
                "/",
                data,
                data + "/",
            }
        )
            Assert.Equal("p", Entries.Refusal(binder, JsonSerializer.Serialize(new { p = bad })).Argument);
    }

    [Fact]
    public void A_path_below_the_working_folder_is_given_relative_to_it_and_still_never_becomes_an_option()
    {
        using var folder = new ConfigurationFolder();
        File.WriteAllText(folder.File("-rf"), "");
        Directory.CreateDirectory(folder.File("in"));
        var binder = Entries.Binder(
            $"args = [\"{{p}}\"]\ncwd = \"{folder.Path}\"\nparams.p = {{ type = \"path\", under = \"{Path.GetDirectoryName(folder.Path)}\" }}"
        );

        string[] Given(string path) => [.. Entries.Tokens(binder, JsonSerializer.Serialize(new { p = path }))];

        Assert.Equal(["in"], Given(folder.File("in")));
        Assert.Equal(["in/x"], Given(folder.File("in/x")));
        Assert.Equal(["./-rf"], Given(folder.File("-rf")));
        Assert.Equal(["."], Given(folder.Path));
        Assert.Equal([folder.Path + "x"], Given(folder.Path + "x"));
    }

    [Fact]
    public void A_value_can_come_from_what_another_task_left()
    {
        var binder = Entries.Binder(
            """
            args = ["{n}", "{w}", "{all}"]
            params.n = { type = "int", min = 0, max = 9, from = "count:/lines/1" }
            params.w = { type = "name", from = "count:posted.words/a~1b" }
            params.all = { type = "name", from = "say:", default = "nothing" }
            """
        );
        var bound = Assert.IsType<Binding.Bound>(binder.Bind(Entries.Json("{}"), BindingMode.Strict));
        var left = new Dictionary<string, DependencyResult>
        {
            ["count"] = Left("""{"lines":[1,7]}""", "words", """{"a/b":"hello"}"""),
            ["say"] = Left("\"word\\n\""),
        };

        Assert.Equal(["7", "hello", "word"], binder.Complete(bound.Arguments, left, out _)!.Arguments);
        left.Remove("say");
        Assert.Equal(["7", "hello", "nothing"], binder.Complete(bound.Arguments, left, out _)!.Arguments);
    }

    [Theory]
    [InlineData("""{"lines":[1,70]}""", "taken from the job \"count\", must be a whole number from 0 to 9")]
    [InlineData("""{"lines":[1,"-rf"]}""", "must be a whole number")]
    [InlineData("""{"lines":[]}""", "is missing")]
    [InlineData("""{}""", "is missing")]
    public void A_value_from_another_task_is_checked_like_any_other(string data, string why)
    {
        var binder = Entries.Binder(
            "args = [\"{n}\"]\nparams.n = { type = \"int\", min = 0, max = 9, from = \"count:/lines/1\" }"
        );

        var line = binder.Complete(
            "{}"u8.ToArray(),
            new Dictionary<string, DependencyResult> { ["count"] = Left(data) },
            out var error
        );

        Assert.Null(line);
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_client_gives_wins_over_what_another_task_left()
    {
        var binder = Entries.Binder(
            "args = [\"{n}\"]\nparams.n = { type = \"int\", min = 0, max = 9, from = \"count:\" }"
        );

        var line = binder.Complete(
            """{"n":3}"""u8.ToArray(),
            new Dictionary<string, DependencyResult> { ["count"] = Left("5") },
            out _
        );

        Assert.Equal(["3"], line!.Arguments);
    }

    private static DependencyResult Left(string data, string? posted = null, string? value = null) =>
        new(
            new TaskId(1),
            TaskOutcome.Done,
            Encoding.UTF8.GetBytes(data),
            posted is null ? [] : [(posted, Encoding.UTF8.GetBytes(value!))]
        );
}
