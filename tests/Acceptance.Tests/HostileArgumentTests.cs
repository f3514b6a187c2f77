using System.Text.Json;

namespace AptTask.Acceptance.Tests;

/// <summary>Whatever the door, arguments are checked by the same rules: TCP, the client aptask, and a schedule.</summary>
public class HostileArgumentTests
{
    private const string Signs = "$(touch x) `id`;id|id&&>x*~$HOME";

    private const string Whitelist = """
        [[command]]
        name = "probe"
        path = "/usr/bin/printf"
        args = ["--", "%s|", "{lines}", "{service}", "{word}", "{free}", "{url}", "{files...}"]
        sandbox = "limits"
        timeout = "10s"
          [command.params]
          lines = { type = "int", min = 1, max = 1000, default = 100 }
          service = { type = "enum", values = ["web", "api"], default = "web" }
          word = { type = "name", default = "n" }
          free = { type = "string", pattern = ".*", default = "x", max_len = 4096 }
          url = { type = "url", schemes = ["https"], default = "https://example.org/" }
          files = { type = "list", max_items = 2, of = { type = "name" }, default = ["a"] }

        """;

    public static TheoryData<string, string, string> Hostile =>
        new()
        {
            { "Probe", "{}", "unknown_routine" },
            { "probe ", "{}", "unknown_routine" },
            { "../probe", "{}", "unknown_routine" },
            { "probe", """{"lines":1001}""", "bad_argument" },
            { "probe", """{"lines":" 1"}""", "bad_argument" },
            { "probe", """{"lines":true}""", "bad_argument" },
            { "probe", """{"service":"Web"}""", "bad_argument" },
            { "probe", """{"service":"web\n"}""", "bad_argument" },
            { "probe", """{"service":"w\u0435b"}""", "bad_argument" },
            { "probe", """{"word":".."}""", "bad_argument" },
            { "probe", """{"word":"a/b"}""", "bad_argument" },
            { "probe", """{"free":"--help"}""", "bad_argument" },
            { "probe", """{"free":"\u2013rf"}""", "bad_argument" },
            { "probe", """{"free":"a\nb"}""", "bad_argument" },
            { "probe", """{"url":"file:///etc/passwd"}""", "bad_argument" },
            { "probe", """{"url":"https://u:p@h/"}""", "bad_argument" },
            { "probe", """{"files":["a","-b"]}""", "bad_argument" },
            { "probe", """{"files":["a","b","c"]}""", "bad_argument" },
            { "probe", """{"__proto__":1}""", "unknown_argument" },
            { "probe", """{"user":"root"}""", "unknown_argument" },
            { "probe", """{"cwd":"/"}""", "unknown_argument" },
        };

    [Fact]
    public async Task Over_TCP_every_hostile_argument_is_refused_with_its_code_and_nothing_is_started()
    {
        await using var daemon = await DaemonProcess.StartAsync(whitelist: Whitelist);
        using var client = await daemon.ConnectAsync();
        foreach (var row in Hostile)
        {
            var (name, arguments, code) = row.Data;
            var line = $$"""{"request":"start","name":{{JsonSerializer.Serialize(name)}},"arguments":{{arguments}}}""";
            var answer = await client.AskAsync(line);
            Assert.True(answer.Text("code") == code, $"{line} was answered {answer.GetRawText()}");
        }

        var tasks = await client.AskAsync("""{"request":"tasks"}""");
        Assert.Equal(0, tasks.GetProperty("tasks").GetArrayLength());
    }

    [Theory]
    [InlineData("../probe", "{}", "unknown_routine")]
    [InlineData("probe", """{"lines":1001}""", "bad_argument")]
    [InlineData("probe", """{"service":"w\u0435b"}""", "bad_argument")]
    [InlineData("probe", """{"free":"--help"}""", "bad_argument")]
    [InlineData("probe", """{"files":["-b"]}""", "bad_argument")]
    [InlineData("probe", """{"user":"root"}""", "unknown_argument")]
    public async Task By_the_client_the_same_arguments_are_refused_with_the_same_codes(
        string name,
        string arguments,
        string code
    )
    {
        await using var daemon = await DaemonProcess.StartAsync(whitelist: Whitelist);
        var start = await ClientAsync(daemon, "start", name, "--args", arguments, "--json");
        Assert.True(start.ExitCode == 3, start.Output + start.Errors);
        Assert.Contains($"\"code\":\"{code}\"", start.Output + start.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signs_of_a_shell_reach_the_program_as_they_are_through_every_door()
    {
        await using var daemon = await DaemonProcess.StartAsync(
            $"""
            [[schedule]]
            name = "signs"
            cron = "* * * * * *"
            routine = "probe"
            arguments = {"{"} free = '{Signs}' {"}"}
            """,
            Whitelist
        );
        var expected = $"100|web|n|{Signs}|https://example.org/|a|";
        using var client = await daemon.ConnectAsync();
        var arguments = JsonSerializer.Serialize(new { free = Signs });
        (
            await client.AskAsync($$"""{"request":"start","name":"probe","jobid":"tcp","arguments":{{arguments}}}""")
        ).MustBeOk();
        var started = await ClientAsync(daemon, "start", "probe", "--args", arguments, "--jobid", "cli");
        Assert.True(started.ExitCode == 0, started.Output + started.Errors);
        (await client.AskAsync("""{"request":"wait","jobids":["tcp","cli"]}""")).MustBeOk();
        foreach (var job in new[] { "tcp", "cli" })
            Assert.Equal(expected, await DataAsync(client, $"\"jobid\":\"{job}\""));

        // A task with neither of the two job ids is the schedule's.
        long scheduled = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                var tasks = (await client.AskAsync("""{"request":"tasks","state":"done"}""")).GetProperty("tasks");
                var found = tasks.EnumerateArray().Where(task => task.Text("jobid") is not ("tcp" or "cli")).ToList();
                scheduled = found.Count > 0 ? found[0].Number("taskid") : 0;
                return scheduled > 0;
            },
            () => $"The schedule has not run:\n{daemon.Said}"
        );
        Assert.Equal(expected, await DataAsync(client, $"\"taskid\":{scheduled}"));
        Assert.False(File.Exists(Path.Combine(daemon.Folder, "x")));
    }

    [Fact]
    public async Task A_schedule_with_a_hostile_argument_starts_nothing_and_the_log_says_why()
    {
        await using var daemon = await DaemonProcess.StartAsync(
            """
            [[schedule]]
            name = "option"
            cron = "* * * * * *"
            routine = "probe"
            arguments = { free = "--help" }
            """,
            Whitelist
        );
        await Eventually.HoldsAsync(
            () => daemon.Said.Contains("must not begin with a dash", StringComparison.Ordinal),
            () => $"Nothing was said:\n{daemon.Said}"
        );
        using var client = await daemon.ConnectAsync();
        var tasks = await client.AskAsync("""{"request":"tasks"}""");
        Assert.Equal(0, tasks.GetProperty("tasks").GetArrayLength());
    }

    private static async Task<string?> DataAsync(LineClient client, string task)
    {
        var answer = await client.AskAsync($$"""{"request":"result",{{task}}}""");
        answer.MustBeOk();
        return answer.GetProperty("result").Text("data");
    }

    private static Task<(int ExitCode, string Output, string Errors)> ClientAsync(
        DaemonProcess daemon,
        params string[] arguments
    ) =>
        Programs.RunAsync(
            "dotnet",
            [Path.Combine(Clone.Output("Cli"), "aptask.dll"), .. arguments, "--connect", $"127.0.0.1:{daemon.Port}"],
            daemon.Folder
        );
}
