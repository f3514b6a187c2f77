using AptTask.Host.Configuration;

namespace AptTask.Host.Tests.Configuration;

public sealed class MistakesInWhitelistTests
{
    private const string Head = "[[command]]\nname = \"x\"\nsandbox = \"limits\"\n";

    [Theory]
    // 86
    [InlineData(
        "path = \"/usr/bin/true\"\n[[command]]\nname = \"x\"\npath = \"/usr/bin/true\"\nsandbox = \"limits\"",
        "is taken already, in line 2"
    )]
    [InlineData(
        "path = \"/usr/bin/true\"\n[[module]]\nname = \"x\"\nassembly = \"a\"\nfunctions = [\"*\"]",
        "is taken already"
    )]
    // 87
    [InlineData("path = \"/usr/bin/true\"\ntimout = \"1s\"", "command[].timout is not known here")]
    [InlineData("path = \"/usr/bin/true\"\nTimeout = \"1s\"", "command[].Timeout is not known here")]
    [InlineData(
        "path = \"/usr/bin/true\"\nargs = [\"{a}\"]\nparams.a = { type = \"enum\", values = [\"b\"], min = 1 }",
        "command[].params.a.min is not known here"
    )]
    // 91
    [InlineData("path = \"true\"", "must be absolute")]
    [InlineData("path = \"/usr/bin/../bin/true\"", "must be absolute and plain")]
    [InlineData("", "command[].path is missing")]
    // 92
    [InlineData("path = \"/usr/bin/true\"\nargs = [\"{a}\"]", "is used but not declared")]
    [InlineData("path = \"/usr/bin/true\"\nparams.a = { type = \"flag\" }", "is declared but not used")]
    [InlineData("path = \"/usr/bin/true\"\nargs = [\"{a}{b}\"]", "one placeholder at most")]
    [InlineData("path = \"/usr/bin/true\"\nargs = [\"{\"]", "is not closed")]
    [InlineData("path = \"/usr/bin/true\"\nargs = [\"a}\"]", "closes nothing")]
    [InlineData("path = \"/usr/bin/true\"\nargs = [\"{A b}\"]", "is not the name of a parameter")]
    [InlineData(
        "path = \"/usr/bin/true\"\nargs = [\"-x{a...}\"]\nparams.a = { type = \"list\", max_items = 1, of = { type = \"name\" } }",
        "stands alone"
    )]
    [InlineData("path = \"/usr/bin/true\"\nargs = [\"[a:-{b}]\"]", "no placeholder")]
    [InlineData(
        "path = \"/usr/bin/true\"\nargs = [\"{a}\"]\nparams.a = { type = \"string\", pattern = \"a+\" }",
        "no \"--\" stands before it"
    )]
    [InlineData(
        "path = \"/usr/bin/true\"\nargs = [\"--\", \"/var/{a}\"]\nparams.a = { type = \"string\", pattern = \"a+\" }",
        "could hold a slash"
    )]
    [InlineData("path = \"/usr/bin/true\"\nargs = [\"{a...}\"]\nparams.a = { type = \"flag\" }", "cannot stand there")]
    [InlineData("path = \"/usr/bin/true\"\nargs = [\"{a}\"]\nparams.a = { type = \"text\" }", "cannot stand there")]
    [InlineData(
        "path = \"/usr/bin/true\"\nstdin = { from = \"param:a\" }\nparams.a = { type = \"name\" }",
        "comes from a parameter of type text or secret"
    )]
    [InlineData("path = \"/usr/bin/true\"\nstdin = { from = \"a\" }", "must name a parameter")]
    // 93
    [InlineData(
        "path = \"/usr/bin/true\"\nargs = [\"--\", \"{a}\"]\nparams.a = { type = \"string\", pattern = \"[\" }",
        "is not a pattern"
    )]
    [InlineData(
        "path = \"/usr/bin/true\"\nargs = [\"--\", \"{a}\"]\nparams.a = { type = \"string\", pattern = \"a(?=b)\" }",
        "is not a pattern"
    )]
    [InlineData(
        "path = \"/usr/bin/true\"\nargs = [\"--\", \"{a}\"]\nparams.a = { type = \"string\", pattern = \"a)|(?:.*\" }",
        "is not a pattern"
    )]
    [InlineData(
        "path = \"/usr/bin/true\"\nargs = [\"--\", \"{a}\"]\nparams.a = { type = \"string\" }",
        "either pattern or values"
    )]
    // 94
    [InlineData(
        "path = \"/usr/bin/true\"\nargs = [\"{a}\"]\nparams.a = { type = \"int\", min = 1 }",
        "params.a.max is missing"
    )]
    [InlineData(
        "path = \"/usr/bin/true\"\nargs = [\"{a}\"]\nparams.a = { type = \"int\", min = 2, max = 1 }",
        "greater than max"
    )]
    [InlineData(
        "path = \"/usr/bin/true\"\nargs = [\"{a}\"]\nparams.a = { type = \"int\", min = 1, max = 2, default = 3 }",
        "The default of \"a\""
    )]
    [InlineData(
        "path = \"/usr/bin/true\"\nargs = [\"{a}\"]\nparams.a = { type = \"enum\", values = [] }",
        "at least one value"
    )]
    [InlineData(
        "path = \"/usr/bin/true\"\nargs = [\"{a}\"]\nparams.a = { type = \"enum\", values = [\"-x\"] }",
        "begins with a dash"
    )]
    [InlineData("path = \"/usr/bin/true\"\ntimeout = \"-1s\"", "command[].timeout must be a duration")]
    [InlineData("path = \"/usr/bin/true\"\ntimeout = \"2d\"", "longer than limits.max_timeout")]
    [InlineData("path = \"/usr/bin/true\"\nlimits.memory = \"64MB\"", "limits.memory must be a size")]
    [InlineData("path = \"/usr/bin/true\"\nargs = [\"{a}\"]\nparams.a = { type = \"path\" }", "under is missing")]
    [InlineData("path = \"/usr/bin/true\"\nargs = [\"{a}\"]\nparams.a = { type = \"url\" }", "schemes is missing")]
    [InlineData(
        "path = \"/usr/bin/true\"\nargs = [\"{a...}\"]\nparams.a = { type = \"list\", max_items = 1, of = { type = \"list\" } }",
        "A list cannot hold lists"
    )]
    // 95
    [InlineData("path = \"/usr/bin/true\"\nsandbox = \"\"", null)]
    [InlineData("path = \"/usr/bin/true\"\nuser = \"root\"", "allow_root")]
    [InlineData("path = \"/usr/bin/true\"\nuser = \"0\"", "allow_root")]
    [InlineData("path = \"/usr/bin/true\"\nnet = \"lan\"", "command[].net must be one of")]
    [InlineData("path = \"/usr/bin/true\"\nbind_ro = [\"/\"]", "the fence is there to close")]
    [InlineData("path = \"/usr/bin/true\"\nbind_rw = [\"/proc/\"]", "the fence is there to close")]
    [InlineData("path = \"/usr/bin/true\"\nbind_rw = [\"x\"]", "absolute paths")]
    [InlineData("path = \"/usr/bin/true\"\ncwd = \"\"", "must not be empty")]
    // 46
    [InlineData("path = \"/usr/bin/true\"\nenv = { LD_PRELOAD = \"x\" }", "run something else")]
    [InlineData("path = \"/usr/bin/true\"\nenv = { \"A=B\" = \"x\" }", "not the name of a variable")]
    [InlineData("path = \"/usr/bin/true\"\nenv = { A = \"x\\ny\" }", "control character")]
    [InlineData(
        "path = \"/usr/bin/true\"\nargs = [\"{a}\"]\nparams.a = { type = \"name\", from = \"job\" }",
        "does not say where"
    )]
    [InlineData("path = \"/usr/bin/true\"\nsuccess = [256]", "exit codes")]
    public void A_mistake_is_refused(string rest, string? why)
    {
        var outcome = ConfigurationFolder.Whitelist(Head + rest);

        Assert.Null(outcome.Whitelist);
        if (why is null)
            Assert.NotEmpty(outcome.Problems);
        else
            Assert.Contains(
                outcome.Problems,
                problem => problem.Message.Contains(why, StringComparison.Ordinal) && problem.Line > 0
            );
    }

    [Fact]
    public void No_fence_at_all_has_to_be_allowed_twice()
    {
        const string command = "[[command]]\nname = \"x\"\nsandbox = \"none\"\npath = \"/usr/bin/true\"";

        Assert.Contains(
            "allow_none",
            Assert.Single(ConfigurationFolder.Whitelist(command).Problems).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(ConfigurationFolder.Whitelist(command, "[sandbox]\nallow_none = true").Problems);
    }

    [Fact]
    public void An_entry_that_says_nothing_gets_the_highest_fence()
    {
        var outcome = ConfigurationFolder.Whitelist("[[command]]\nname = \"x\"\npath = \"/usr/bin/true\"");

        Assert.Equal(SandboxProfile.Isolated, Assert.Single(outcome.Whitelist!.Commands).Sandbox);
    }

    [Theory]
    [InlineData("/usr/bin/no-such-program", "is not there")]
    [InlineData("/usr", "is not a file")]
    [InlineData("/etc/passwd", "is not executable")]
    public void A_program_that_cannot_be_run_keeps_serve_from_starting_and_makes_it_unavailable_for_run(
        string path,
        string why
    )
    {
        using var folder = new ConfigurationFolder();
        folder.With("whitelist.toml", $"[[command]]\nname = \"x\"\nsandbox = \"limits\"\npath = \"{path}\"");

        Assert.Contains(
            folder.Read(FileProtection.Strict).Problems,
            problem => problem.Message == $"The program {path} {why}."
        );
        Assert.Contains(
            why,
            Assert.Single(folder.Read(FileProtection.Warn).Whitelist!.Commands).Missing!,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_program_that_others_may_change_is_refused_by_serve()
    {
        using var folder = new ConfigurationFolder();
        folder.With("program", "#!/bin/sh\n");
        File.SetUnixFileMode(folder.File("program"), (UnixFileMode)0x1FF);
        folder.With(
            "whitelist.toml",
            $"[[command]]\nname = \"x\"\nsandbox = \"limits\"\npath = \"{folder.File("program")}\""
        );

        Assert.Contains(
            folder.Read(FileProtection.Strict).Problems,
            problem => problem.Message.Contains("program has mode 777", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_program_that_runs_others_is_warned_about_when_a_parameter_is_free_text()
    {
        var outcome = ConfigurationFolder.Whitelist(
            Head
                + "path = \"/usr/bin/find\"\nargs = [\"--\", \"{a}\"]\nparams.a = { type = \"string\", pattern = \".*\" }"
        );

        Assert.Empty(outcome.Problems);
        Assert.Contains(
            outcome.Warnings,
            warning => warning.Message.Contains("can run other programs", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Everything_that_an_entry_says_is_read()
    {
        var outcome = ConfigurationFolder.Whitelist(
            """
            [[command]]
            name = "logs.tail"
            summary = "Last lines of a log."
            path = "/usr/bin/tail"
            args = ["-n", "{lines}", "--", "/var/log/apps/{service}.log"]
            allow = ["group:ops", "role:admin"]
            sandbox = "isolated"
            bind_ro = ["/var/log/apps"]
            net = "none"
            cwd = "scratch"
            env = { LANG = "C.UTF-8", TZ = "UTC" }
            success = [0, 1]
            timeout = "10s"
            grace = "1s"
            limits = { cpu = "5s", memory = "64MiB", processes = 8, files = 64, file_size = "1MiB" }
            stdout = { max = "1MiB", on_limit = "kill", as = "json" }
            stderr = { max = "64KiB", on_limit = "truncate" }
            concurrency = 4
            weight = 2
            idempotent = true
            retry = { attempts = 4, backoff = "fixed", delay = "2s" }

              [command.params.lines]
              type = "int"
              min = 1
              max = 1000
              default = 100
              from = "count:posted.sum/lines"

              [command.params.service]
              type = "enum"
              values = ["web", "api"]
            """
        );

        Assert.Empty(outcome.Problems);
        var command = Assert.Single(outcome.Whitelist!.Commands);
        Assert.Equal(["lines", "service"], command.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(new DependencySource("count", "sum", "/lines"), command.Parameters[0].From);
        Assert.Equal(100, command.Parameters[0].Default!.Value.GetInt32());
        Assert.Equal(new OutputRule(1024 * 1024, Kill: true, OutputForm.Json), command.StandardOutput);
        Assert.Equal(
            new CommandLimits
            {
                Cpu = TimeSpan.FromSeconds(5),
                Memory = 64 << 20,
                Processes = 8,
                Files = 64,
                FileSize = 1 << 20,
            },
            command.Limits
        );
        Assert.Equal(
            new RetryEntry(4, Exponential: false, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5), 0),
            command.Retry
        );
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1)), (command.Timeout, command.Grace));
        Assert.Equal(["group:ops", "role:admin"], command.Allow);
        Assert.Equal([0, 1], command.Success);
        Assert.Null(command.WorkingFolder);
        Assert.Equal(1, command.Line);
        Assert.Equal((2, 4, true), (command.Weight, command.Concurrency, command.Idempotent));
    }
}
