using AptTask.Protocol;

namespace AptTask.Cli.Tests;

public sealed class RequestTests
{
    private static readonly Dictionary<string, string> Answers = new()
    {
        ["hello"] = "\"server\":\"AptTask\",\"version\":\"1\",\"limits\":{}",
        ["index"] = "\"routines\":[]",
        ["start"] = "\"taskid\":1,\"state\":\"ready\"",
        ["submit"] = "\"taskids\":[1,2]",
        ["stop"] = "\"taskid\":1,\"state\":\"stopped\"",
        ["active"] = "\"active\":[]",
        ["tasks"] = "\"tasks\":[]",
        ["status"] = "\"task\":{\"taskid\":1,\"group\":\"g\",\"routine\":\"r\",\"state\":\"done\"}",
        ["explain"] = "\"taskid\":1,\"state\":\"ready\",\"reasons\":[]",
        ["wait"] = "\"tasks\":[]",
        ["watch"] = "\"seq\":1",
        ["log"] = "\"taskid\":1,\"entries\":[],\"next_offset\":0,\"complete\":true",
        ["result"] = "\"result\":{\"state\":\"done\"}",
        ["ack"] = "\"taskids\":[1]",
        ["reload"] = "\"changes\":[],\"refused\":[],\"in_use\":[]",
        ["stats"] =
            "\"version\":\"1\",\"started\":\"2026-01-01T00:00:00.000Z\",\"uptime_seconds\":1,\"states\":{\"done\":1}",
        ["workers"] = "\"workers\":[]",
        ["lanes"] =
            "\"lanes\":[{\"name\":\"default\",\"width\":2,\"used\":0,\"ready\":0,\"paused\":false,\"fair\":true,\"running\":[]}]",
        ["groups"] = "\"groups\":[]",
        ["pause"] = "\"paused\":true,\"lane\":\"a\"",
        ["resume"] = "\"paused\":false,\"lane\":\"a\"",
        ["drain"] = "\"draining\":true,\"running\":1",
        ["forget"] = "\"forgotten\":3",
        ["kill"] = "\"tasks\":1,\"workers\":1",
        ["shutdown"] = "\"running\":0",
    };

    private static readonly Dictionary<string, string> Operands = new()
    {
        ["start"] = "demo.noop",
        ["submit"] = "-",
        ["stop"] = "1",
        ["status"] = "1",
        ["explain"] = "1",
        ["wait"] = "1",
        ["watch"] = "1",
        ["log"] = "1",
        ["result"] = "1",
        ["ack"] = "1",
        ["pause"] = "--lane a",
        ["resume"] = "--lane a",
        ["forget"] = "--older-than 30d",
    };

    public static TheoryData<string> Names => [.. RequestNames.All];

    private static string[] WordsFor(string request) =>
        [
            .. RequestNames.Admin.Contains(request) ? ["admin"] : Array.Empty<string>(),
            request,
            .. Operands.TryGetValue(request, out var operands) ? operands.Split(' ') : [],
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_request_has_its_command(string name)
    {
        await using var daemon = new FakeDaemon(request =>
            [
                $$"""{"status":"ok","response":"{{request.Name}}",{{Answers[request.Name]}}}""",
                .. request is WatchRequest ? ["""{"event":"end"}"""] : Array.Empty<string>(),
            ]
        );
        var line = new CommandLine
        {
            Input =
                """{"name":"a","jobid":"x"}"""
                + "\n# comment\n\n"
                + """{"id":7,"request":"start","name":"b","waitfor":["x"]}""",
        };
        Assert.Equal((ExitCodes.Ok, ""), (await line.RunAsync(daemon, WordsFor(name)), line.Error));
        Assert.Equal(name, Assert.Single(daemon.Asked).Name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_command_has_help_with_examples_that_parse(string name)
    {
        var line = new CommandLine();
        string[] path = RequestNames.Admin.Contains(name) ? ["admin", name] : [name];
        Assert.Equal(ExitCodes.Ok, await line.RunAsync([.. path, "--help"]));
        var examples = line.Out[line.Out.IndexOf("Examples:\n", StringComparison.Ordinal)..]
            .Split('\n')
            .Skip(1)
            .Select(text => text.Trim())
            .Where(text => text.StartsWith("aptask ", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var words = example.Split([" | ", " && ", " > "], StringSplitOptions.None)[0];
            var parsed = CommandTree.Build(Surroundings.OfThisProcess()).Parse(words["aptask ".Length..]);
            Assert.True(parsed.Errors.Count == 0, $"{example}: {string.Join(' ', parsed.Errors)}");
        }
    }

    [Theory]
    [InlineData("[{\"name\":\"a\",\"jobid\":\"x\"},{\"name\":\"b\"}]", 2)]
    [InlineData("{\"request\":\"submit\",\"tasks\":[{\"name\":\"a\"},{\"name\":\"b\"}]}\n{\"name\":\"c\"}", 3)]
    public async Task A_file_of_tasks_is_one_submission(string file, int tasks)
    {
        await using var daemon = new FakeDaemon(_ => ["""{"status":"ok","response":"submit","taskids":[1,2,3]}"""]);
        var line = new CommandLine { Input = file };
        Assert.Equal(ExitCodes.Ok, await line.RunAsync(daemon, "submit", "-", "--strict"));
        var asked = Assert.IsType<SubmitRequest>(Assert.Single(daemon.Asked));
        Assert.Equal(tasks, asked.Tasks.Count);
        Assert.True(asked.Strict);
    }

    [Theory]
    [InlineData("{\"name\":\"a\"}\n{\"nam\":\"b\"}", "tasks[1]")]
    [InlineData("{\"name\":\"a\"}\n{oops", "-:2")]
    [InlineData("{\"request\":\"stop\",\"taskid\":1}", "-:1")]
    [InlineData("7", "-:1")]
    [InlineData("", "1 to 10000 tasks")]
    public async Task A_mistake_in_a_file_is_told_with_its_place(string file, string place)
    {
        var line = new CommandLine { Input = file };
        Assert.Equal(ExitCodes.Usage, await line.RunAsync("submit", "-", "--connect", "127.0.0.1:1"));
        Assert.Contains(place, line.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task A_completion_script_asks_the_client_itself(string shell)
    {
        var line = new CommandLine();
        Assert.Equal(ExitCodes.Ok, await line.RunAsync("completion", shell));
        Assert.Contains("[suggest:", line.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completions_come_from_the_command_tree()
    {
        var line = new CommandLine();
        Assert.Equal(ExitCodes.Ok, await line.RunAsync("[suggest:9]", "aptask st"));
        Assert.Equal(["start", "status", "stop"], line.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
