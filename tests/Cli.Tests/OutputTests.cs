using AptTask.Protocol;

namespace AptTask.Cli.Tests;

public sealed class OutputTests
{
    private const string Nasty = "\\u001b]52;c;x\\u0007\\u001b[2J\\r\\u009b31m\\u202e";

    private static readonly char[] Harmful = ['\u001b', '\u0007', '\r', '\u009b', '\u202e'];

    public static TheoryData<string, string> Views =>
        new()
        {
            {
                "log 7",
                $$"""{"status":"ok","response":"log","taskid":7,"entries":[{"offset":0,"stream":"out","text":"a{{Nasty}}\n\tb"}],"next_offset":0,"complete":true}"""
            },
            {
                "result 7",
                $$"""{"status":"ok","response":"result","result":{"state":"done","report":{"message":"{{Nasty}}"},"data":"{{Nasty}}","posted":{"{{Nasty}}":"{{Nasty}}"},"worklog":[{"offset":0,"stream":"out","text":"{{Nasty}}"}]} }"""
            },
            {
                "result 7 --data",
                $$"""{"status":"ok","response":"result","result":{"state":"done","data":"{{Nasty}}"} }"""
            },
            {
                "status 7",
                $$"""{"status":"ok","response":"status","task":{"taskid":7,"group":"g","routine":"{{Nasty}}","state":"done","message":"{{Nasty}}","chain":"{{Nasty}}"} }"""
            },
            {
                "active",
                $$"""{"status":"ok","response":"active","active":[{"taskid":7,"routine":"r","state":"running","status":1,"position":0,"message":"{{Nasty}}"}]}"""
            },
            {
                "tasks",
                $$"""{"status":"ok","response":"tasks","tasks":[{"taskid":7,"group":"g","routine":"r","state":"done","message":"{{Nasty}}"}]}"""
            },
            {
                "explain 7",
                $$"""{"status":"ok","response":"explain","taskid":7,"state":"ready","reasons":[{"why":"behind","message":"{{Nasty}}"}]}"""
            },
            {
                "index",
                $$"""{"status":"ok","response":"index","routines":[{"name":"r","kind":"plugin","origin":"o","help":"{{Nasty}}","arguments":[]}]}"""
            },
            { "stop 7", $$"""{"status":"error","response":"stop","code":"not_found","message":"{{Nasty}}"}""" },
        };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Nothing_that_a_task_prints_can_do_anything_to_a_terminal(string words, string answer)
    {
        await using var daemon = new FakeDaemon(_ => [answer]);
        var line = new CommandLine { IsTerminal = true };
        await line.RunAsync(daemon, words.Split(' '));
        Assert.Equal(-1, (line.Out + line.Error).IndexOfAny(Harmful));
        Assert.Contains("\\x1b", line.Out + line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_gets_the_output_as_it_was()
    {
        await using var daemon = new FakeDaemon(_ =>
            [
                """{"status":"ok","response":"log","taskid":7,"entries":[{"offset":0,"stream":"out","text":"\u001b[1mbold\u001b[0m\n"}],"next_offset":0,"complete":true}""",
            ]
        );
        var line = new CommandLine();
        Assert.Equal(ExitCodes.Ok, await line.RunAsync(daemon, "log", "7"));
        Assert.Equal("\u001b[1mbold\u001b[0m\n", line.Out);
    }

    [Fact]
    public async Task With_json_the_daemons_own_lines_are_printed()
    {
        await using var daemon = new FakeDaemon(_ =>
            ["""{"status":"ok","response":"active","active":[],"some_day":{"new": 1}}"""]
        );
        var line = new CommandLine();
        Assert.Equal(ExitCodes.Ok, await line.RunAsync(daemon, "active", "--json"));
        Assert.Equal(
            """{"id":1,"status":"ok","response":"active","active":[],"some_day":{"new": 1}}""" + "\n",
            line.Out
        );
    }

    [Fact]
    public async Task With_json_a_refusal_is_a_line_too()
    {
        await using var daemon = new FakeDaemon(_ =>
            ["""{"status":"error","response":"status","code":"not_found","message":"No."}"""]
        );
        var line = new CommandLine();
        Assert.Equal(ExitCodes.Refused, await line.RunAsync(daemon, "status", "7", "--json"));
        Assert.Equal(
            """{"id":1,"status":"error","response":"status","code":"not_found","message":"No."}""" + "\n",
            line.Out
        );
        Assert.Equal("", line.Error);
    }

    [Fact]
    public async Task A_refusal_names_its_code_and_ends_with_three()
    {
        await using var daemon = new FakeDaemon(_ =>
            ["""{"status":"error","response":"status","code":"not_found","message":"There is no task 7."}"""]
        );
        var line = new CommandLine();
        Assert.Equal(ExitCodes.Refused, await line.RunAsync(daemon, "status", "7"));
        Assert.Equal("aptask: not_found: There is no task 7.\n", line.Error);
    }

    [Fact]
    public async Task Nobody_there_ends_with_four_and_says_what_to_do()
    {
        var line = new CommandLine();
        Assert.Equal(ExitCodes.NoConnection, await line.RunAsync("active", "--connect", "127.0.0.1:1"));
        Assert.Contains("127.0.0.1:1", line.Error, StringComparison.Ordinal);
        Assert.Contains("aptaskd serve", line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_that_closes_ends_with_four()
    {
        await using var daemon = new FakeDaemon(_ => throw new IOException("closing"));
        var line = new CommandLine();
        var running = line.RunAsync(daemon, "active");
        while (daemon.Asked.IsEmpty)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        await daemon.DisposeAsync();
        Assert.Equal(ExitCodes.NoConnection, await running);
    }

    [Fact]
    public async Task A_table_has_a_line_for_each_task()
    {
        await using var daemon = new FakeDaemon(_ =>
            [
                """{"status":"ok","response":"active","active":[{"taskid":7,"jobid":"a","routine":"demo.sleep","state":"running","status":1,"position":0,"progress":0.25,"message":"m [bold]x"},{"taskid":8,"routine":"demo.noop","state":"ready","status":0,"position":1}],"more":3}""",
            ]
        );
        var line = new CommandLine();
        await line.RunAsync(daemon, "active");
        var lines = line.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Equal(
            ["7", "a", "demo.sleep", "running", "25", "%", "m", "[bold]x"],
            lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.Equal("… and 3 more.", lines[3].Trim());
    }

    [Fact]
    public async Task A_followed_log_is_printed_as_it_comes_and_ends_with_the_task()
    {
        await using var daemon = new FakeDaemon(_ =>
            [
                """{"status":"ok","response":"log","taskid":7,"entries":[{"offset":0,"stream":"out","text":"one\n"}],"next_offset":4,"complete":false}""",
                """{"event":"log","taskid":7,"offset":4,"stream":"out","text":"two\n"}""",
                """{"event":"end","taskid":7}""",
            ]
        );
        var line = new CommandLine();
        Assert.Equal(ExitCodes.Ok, await line.RunAsync(daemon, "log", "7", "-f"));
        Assert.Equal("one\ntwo\n", line.Out);
    }

    [Fact]
    public async Task Facts_stand_apart_from_their_names()
    {
        await using var daemon = new FakeDaemon(_ =>
            [
                """{"status":"ok","response":"status","task":{"taskid":7,"group":"web","routine":"demo.noop","state":"done"}}""",
            ]
        );
        var line = new CommandLine();
        await line.RunAsync(daemon, "status", "7");
        Assert.Equal(
            ["task     7", "group    web", "routine  demo.noop", "state    done"],
            line.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(text => text.TrimEnd())
        );
    }

    [Fact]
    public async Task A_reload_tells_what_changed_and_what_was_refused()
    {
        await using var daemon = new FakeDaemon(_ =>
            [
                """{"status":"ok","response":"reload","changes":[{"kind":"plugin","name":"demo","change":"unchanged"},{"kind":"plugin","name":"new","change":"added"}],"refused":[{"source":"whitelist.toml","line":3,"column":5,"message":"No."}],"in_use":[]}""",
            ]
        );
        var line = new CommandLine();
        Assert.Equal(ExitCodes.Refused, await line.RunAsync(daemon, "admin", "reload"));
        Assert.Contains("added", line.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("demo", line.Out, StringComparison.Ordinal);
        Assert.Contains("refused: whitelist.toml:3:5: No.", line.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_says_each_move_in_a_line()
    {
        await using var daemon = new FakeDaemon(_ =>
            [
                """{"status":"ok","response":"watch","seq":3}""",
                """{"event":"state","seq":4,"at":"2026-03-01T07:30:00.000Z","taskid":7,"jobid":"j","state":"failed","reason":"timeout","attempt":2}""",
                """{"event":"report","at":"2026-03-01T07:30:01.000Z","taskid":7,"progress":0.5}""",
                """{"event":"end","taskid":7}""",
            ]
        );
        var line = new CommandLine();
        Assert.Equal(ExitCodes.Ok, await line.RunAsync(daemon, "watch", "7"));
        Assert.Equal(
            "2026-03-01 07:30:00  task 7 j  failed (timeout), attempt 2\n2026-03-01 07:30:01  task 7  50 %\n",
            line.Out
        );
    }

    [Theory]
    [InlineData("done", false, ExitCodes.Ok)]
    [InlineData("failed", false, ExitCodes.TaskFailed)]
    [InlineData("running", true, ExitCodes.TimedOut)]
    public async Task Waiting_says_by_its_exit_code_how_it_ended(string state, bool timedOut, int exitCode)
    {
        await using var daemon = new FakeDaemon(_ =>
            [
                $$"""{"status":"ok","response":"wait","tasks":[{"taskid":7,"state":"{{state}}"}],"timed_out":{{(timedOut ? "true" : "false")}}}""",
            ]
        );
        var line = new CommandLine();
        Assert.Equal(exitCode, await line.RunAsync(daemon, "wait", "7", "job:8", "nightly", "--timeout", "1m"));
        var asked = Assert.IsType<WaitRequest>(Assert.Single(daemon.Asked));
        Assert.Equal([7], asked.TaskIds);
        Assert.Equal(["8", "nightly"], asked.JobIds);
        Assert.Equal(60, asked.TimeoutSeconds);
    }
}
