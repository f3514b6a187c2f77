using System.Text.Json;

namespace AptTask.Acceptance.Tests;

/// <summary>Groups never see one another, and a key is worth what today's file says.</summary>
public class KeysTests
{
    [Fact]
    public async Task One_group_can_neither_see_nor_stop_nor_wait_for_a_task_of_another()
    {
        await using var daemon = await StartWithKeysAsync();
        using var one = await ConnectAsync(daemon, "one");
        using var two = await ConnectAsync(daemon, "two");
        var task = (
            await one.AskAsync("""{"request":"start","name":"demo.sleep","arguments":{"seconds":600},"jobid":"mine"}""")
        ).Number("taskid");
        string[] requests =
        [
            $$"""{"request":"status","taskid":{{task}}}""",
            $$"""{"request":"stop","taskid":{{task}}}""",
            $$"""{"request":"explain","taskid":{{task}}}""",
            $$"""{"request":"result","taskid":{{task}}}""",
            $$"""{"request":"log","taskid":{{task}}}""",
            $$"""{"request":"ack","taskid":{{task}}}""",
            $$"""{"request":"wait","taskids":[{{task}}]}""",
            """{"request":"status","jobid":"mine"}""",
        ];
        foreach (var request in requests)
        {
            var foreign = await two.AskAsync(request);
            var missing = await two.AskAsync(
                request
                    .Replace(task.ToString(), "999999", StringComparison.Ordinal)
                    .Replace("mine", "none", StringComparison.Ordinal)
            );
            Assert.Equal("not_found", foreign.Text("code"));
            Assert.Equal(missing.GetRawText(), foreign.GetRawText());
        }

        Assert.Equal("forbidden", (await two.AskAsync("""{"request":"active","group":"one"}""")).Text("code"));
        Assert.Equal("forbidden", (await two.AskAsync("""{"request":"kill"}""")).Text("code"));
        Assert.Equal(0, (await two.AskAsync("""{"request":"active"}""")).GetProperty("active").GetArrayLength());
        Assert.Equal(
            "running",
            (await one.AskAsync($$"""{"request":"status","taskid":{{task}}}""")).GetProperty("task").Text("state")
        );
    }

    [Fact]
    public async Task Every_kind_of_wrong_key_is_answered_alike()
    {
        await using var daemon = await StartWithKeysAsync();
        var good = Keys[daemon.Folder]["one"];
        using var client = await daemon.ConnectAsync();
        var answers = new List<string>();
        foreach (
            var key in new[]
            {
                "",
                "x",
                "apt_none_" + good.Split('_')[2],
                good[..^1] + (good[^1] == 'A' ? 'B' : 'A'),
                good + "\n",
            }
        )
            answers.Add((await client.AskAsync(JsonSerializer.Serialize(new { request = "hello", key }))).GetRawText());
        answers.Add((await client.AskAsync("""{"request":"hello"}""")).GetRawText());
        Assert.Single(answers.Distinct());
        Assert.Contains("unauthenticated", answers[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_taken_away_is_worth_nothing_from_the_next_request_on()
    {
        await using var daemon = await StartWithKeysAsync();
        using var one = await ConnectAsync(daemon, "one");
        using var admin = await daemon.ConnectAsAdminAsync();
        var file = Path.Combine(daemon.Folder, "keys.toml");
        var entries = (await File.ReadAllTextAsync(file)).Split("[[key]]");
        await File.WriteAllTextAsync(
            file,
            string.Join("[[key]]", entries.Where(entry => !entry.Contains("\"one\"", StringComparison.Ordinal)))
        );
        (await admin.AskAsync("""{"request":"reload"}""")).MustBeOk();
        Assert.Equal("unauthenticated", (await one.AskAsync("""{"request":"hello"}""")).Text("code"));
    }

    private static readonly Dictionary<string, Dictionary<string, string>> Keys = [];

    private static async Task<DaemonProcess> StartWithKeysAsync()
    {
        var daemon = await DaemonProcess.StartAsync();
        var keys = new Dictionary<string, string>();
        foreach (var id in new[] { "one", "two" })
        {
            var made = await Programs.RunAsync(
                "dotnet",
                [Clone.Daemon, "key", "new", id, "--config", "aptask.toml"],
                daemon.Folder
            );
            Assert.True(made.ExitCode == 0, made.Errors);
            keys.Add(id, made.Output.Trim());
        }

        lock (Keys)
            Keys[daemon.Folder] = keys;
        using var admin = await daemon.ConnectAsAdminAsync();
        (await admin.AskAsync("""{"request":"reload"}""")).MustBeOk();
        return daemon;
    }

    private static async Task<LineClient> ConnectAsync(DaemonProcess daemon, string id)
    {
        var client = await daemon.ConnectAsync();
        (await client.AskAsync($$"""{"request":"hello","key":"{{Keys[daemon.Folder][id]}}"}""")).MustBeOk();
        return client;
    }
}
