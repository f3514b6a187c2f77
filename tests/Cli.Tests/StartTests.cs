using AptTask.Protocol;

namespace AptTask.Cli.Tests;

public sealed class StartTests
{
    private const string Index =
        """{"status":"ok","response":"index","routines":[{"name":"demo.sleep","kind":"plugin","origin":"o","arguments":[{"name":"seconds","type":"number","required":true},{"name":"note","type":"string","required":false},{"name":"tags","type":"list","required":false},{"name":"value","type":"any","required":false}]}]}""";

    private const string Started = """{"status":"ok","response":"start","taskid":17,"state":"ready"}""";

    private static FakeDaemon Daemon() =>
        new(request =>
            request switch
            {
                IndexRequest => [Index],
                StartRequest => [Started],
                _ => throw new NotSupportedException(request.Name),
            }
        );

    private static async Task<TaskOrder> OrderOfAsync(params string[] words)
    {
        await using var daemon = Daemon();
        var line = new CommandLine();
        Assert.Equal((ExitCodes.Ok, ""), (await line.RunAsync(daemon, ["start", .. words]), line.Error));
        return daemon.Asked.OfType<StartRequest>().Single().Task;
    }

    [Fact]
    public async Task Starting_prints_the_number_of_the_task()
    {
        await using var daemon = Daemon();
        var line = new CommandLine();
        Assert.Equal(ExitCodes.Ok, await line.RunAsync(daemon, "start", "demo.noop"));
        Assert.Equal("task 17: ready\n", line.Out);
        Assert.IsType<StartRequest>(Assert.Single(daemon.Asked));
    }

    [Fact]
    public async Task Arguments_become_what_the_routine_declares()
    {
        var order = await OrderOfAsync(
            "demo.sleep",
            "seconds=1.5",
            "note=7",
            "tags=a",
            "tags=b",
            "value=[1,{\"x\":null}]"
        );
        Assert.Equal(
            """{"seconds":1.5,"note":"7","tags":["a","b"],"value":[1,{"x":null}]}""",
            order.Arguments!.Value.GetRawText()
        );
    }

    [Theory]
    [InlineData("value=plain text", """{"value":"plain text"}""")]
    [InlineData("value:=\"7\"", """{"value":"7"}""")]
    [InlineData("note=a=b", """{"note":"a=b"}""")]
    [InlineData("note=", """{"note":""}""")]
    [InlineData("tags=one", """{"tags":["one"]}""")]
    [InlineData("tags=[1,2]", """{"tags":[1,2]}""")]
    [InlineData("unheard=7", """{"unheard":"7"}""")]
    [InlineData("seconds=soon", """{"seconds":"soon"}""")]
    public async Task A_word_becomes_one_argument(string word, string arguments) =>
        Assert.Equal(arguments, (await OrderOfAsync("demo.sleep", word)).Arguments!.Value.GetRawText());

    [Fact]
    public async Task Arguments_may_be_given_as_JSON_by_position() =>
        Assert.Equal("[1]", (await OrderOfAsync("demo.sleep", "--args", "[1]")).Arguments!.Value.GetRawText());

    [Fact]
    public async Task Every_option_reaches_the_daemon()
    {
        var order = await OrderOfAsync(
            "demo.noop",
            "--jobid",
            "j",
            "--after",
            "a,b:failed",
            "-a",
            "c:finished",
            "--priority",
            "-5",
            "--lane",
            "l",
            "--weight",
            "2",
            "--attempts",
            "3",
            "--backoff",
            "exponential",
            "--retry-delay",
            "5s",
            "--timeout",
            "2m",
            "--not-before",
            "+90s",
            "--deadline",
            "2026-03-02T00:00:00Z",
            "--unique",
            "u",
            "--keep",
            "linger"
        );
        Assert.Equal("j", order.JobId);
        Assert.Equal([new("a"), new("b", WaitForEnd.Failed), new("c", WaitForEnd.Finished)], order.WaitFor);
        Assert.Equal(-5, order.Priority);
        Assert.Equal("l", order.Lane);
        Assert.Equal(2, order.Weight);
        Assert.Equal(new RetryOrder(3) { Backoff = RetryBackoff.Exponential, DelaySeconds = 5 }, order.Retry);
        Assert.Equal(120, order.TimeoutSeconds);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 1, 30, TimeSpan.Zero), order.NotBefore);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), order.Deadline);
        Assert.Equal("u", order.Unique);
        Assert.Equal(Keep.Linger, order.Keep);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("start demo.noop novalue")]
    [InlineData("start demo.noop =x")]
    [InlineData("start demo.noop a:={")]
    [InlineData("start demo.noop a=1 --args {}")]
    [InlineData("start demo.noop --priority high")]
    [InlineData("start demo.noop --timeout soon")]
    [InlineData("start demo.noop --not-before tomorrow")]
    [InlineData("start demo.noop --backoff fixed")]
    [InlineData("start demo.noop --keep forever")]
    [InlineData("start demo.noop --nonsense")]
    [InlineData("start demo.noop --key secret")]
    [InlineData("sart demo.noop")]
    [InlineData("stop 0")]
    [InlineData("admin pause")]
    [InlineData("admin pause --lane a --group b")]
    [InlineData("admin")]
    [InlineData("tasks --limit 0")]
    [InlineData("active --connect nowhere")]
    [InlineData("active --key-file /no/such/file")]
    [InlineData("submit /no/such/file")]
    public async Task What_cannot_be_meant_is_a_usage_error(string words)
    {
        var line = new CommandLine();
        line.Environment["APTASK_CONNECT"] = "127.0.0.1:1";
        Assert.Equal(ExitCodes.Usage, await line.RunAsync(words.Split(' ')));
        Assert.StartsWith("aptask: ", line.Error, StringComparison.Ordinal);
        Assert.Equal("", line.Out);
        Assert.DoesNotContain("secret", line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_command_is_told_the_nearest()
    {
        var line = new CommandLine();
        await line.RunAsync("sart", "demo.noop");
        Assert.Equal("aptask: There is no command \"sart\". Did you mean start?\nTry: aptask --help\n", line.Error);
    }

    [Theory]
    [InlineData("done", ExitCodes.Ok)]
    [InlineData("failed", ExitCodes.TaskFailed)]
    [InlineData("skipped", ExitCodes.TaskFailed)]
    [InlineData("stopped", ExitCodes.TaskFailed)]
    public async Task With_wait_the_exit_code_says_how_the_task_ended(string state, int exitCode)
    {
        await using var daemon = new FakeDaemon(request =>
            request switch
            {
                StartRequest => [Started],
                WaitRequest => [$$"""{"status":"ok","response":"wait","tasks":[{"taskid":17,"state":"{{state}}"}]}"""],
                ResultRequest =>
                [
                    $$"""{"status":"ok","response":"result","result":{"taskid":17,"state":"{{state}}","data":"what it returned"} }""",
                ],
                _ => throw new NotSupportedException(request.Name),
            }
        );
        var line = new CommandLine();
        Assert.Equal(exitCode, await line.RunAsync(daemon, "start", "demo.noop", "--wait"));
        Assert.Contains("what it returned", line.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_waiting_shows_what_the_task_reports()
    {
        await using var daemon = new FakeDaemon(request =>
            request switch
            {
                StartRequest => [Started],
                // The daemon of this test answers the wait when it is asked to watch, behind the reports.
                WaitRequest => [],
                WatchRequest watch =>
                [
                    """{"status":"ok","response":"watch","seq":1}""",
                    """{"event":"report","taskid":17,"progress":0.5,"message":"half [red]way[/]\u001b[2J"}""",
                ],
                ResultRequest => ["""{"status":"ok","response":"result","result":{"taskid":17,"state":"done"}}"""],
                _ => throw new NotSupportedException(request.Name),
            }
        );
        var line = new CommandLine { IsTerminal = true };
        var running = line.RunAsync(daemon, "start", "demo.noop", "--wait");
        while (!daemon.Asked.OfType<WatchRequest>().Any() && !running.IsCompleted)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        await daemon.SayAsync("""{"id":2,"status":"ok","response":"wait","tasks":[{"taskid":17,"state":"done"}]}""");
        Assert.Equal(ExitCodes.Ok, await running);
        Assert.DoesNotContain('\u001b', line.Out);
    }
}
