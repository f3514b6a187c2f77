using System.Net;
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
    public async Task A_mistyped_routine_is_answered_with_the_nearest_that_the_key_may_use_and_no_other()
    {
        await using var daemon = await StartWithKeysAsync(
            """
            [[command]]
            name = "report.daily"
            path = "/usr/bin/true"
            sandbox = "limits"
            allow = ["group:one"]
            """
        );
        using var one = await ConnectAsync(daemon, "one");
        using var two = await ConnectAsync(daemon, "two");
        const string Mistyped = """{"request":"start","name":"report.dayly"}""";
        var near = await one.AskAsync(Mistyped);
        Assert.Equal("unknown_routine", near.Text("code"));
        Assert.Contains("Did you mean \"report.daily\"?", near.Text("message"), StringComparison.Ordinal);

        var far = (await two.AskAsync(Mistyped)).GetRawText();
        Assert.DoesNotContain("report.daily", far, StringComparison.Ordinal);
        var forbidden = await two.AskAsync("""{"request":"start","name":"report.daily"}""");
        Assert.Equal(far, forbidden.GetRawText().Replace("daily", "dayly", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_is_taken_away_is_worth_nothing_from_the_next_request_on()
    {
        await using var daemon = await StartWithKeysAsync();
        using var one = await ConnectAsync(daemon, "one");
        await ChangeAsync(daemon, "one", _ => "");
        Assert.Equal("unauthenticated", (await one.AskAsync("""{"request":"hello"}""")).Text("code"));
    }

    [Fact]
    public async Task A_key_that_has_expired_is_worth_nothing_from_the_next_request_on()
    {
        await using var daemon = await StartWithKeysAsync();
        using var one = await ConnectAsync(daemon, "one");
        await ChangeAsync(daemon, "one", entry => $"{entry.TrimEnd()}\nnot_after = 2026-01-01T00:00:00Z\n");
        Assert.Equal("unauthenticated", (await one.AskAsync("""{"request":"hello"}""")).Text("code"));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("a folder")]
    [InlineData("a link to nothing")]
    public async Task A_reload_that_finds_no_keys_does_not_open_the_doors(string how)
    {
        await using var daemon = await StartWithKeysAsync();
        using var one = await ConnectAsync(daemon, "one");
        using var admin = await daemon.ConnectAsAdminAsync();
        var file = Path.Combine(daemon.Folder, "keys.toml");
        File.Delete(file);
        if (how == "a folder")
            Directory.CreateDirectory(file);
        if (how == "a link to nothing")
            File.CreateSymbolicLink(file, "nowhere");

        var reload = await admin.AskAsync("""{"request":"reload"}""");

        Assert.Contains("keys.toml", reload.GetProperty("refused")[0].Text("source"), StringComparison.Ordinal);
        (await one.AskAsync("""{"request":"hello"}""")).MustBeOk();
        using var stranger = await daemon.ConnectAsync();
        Assert.Equal("unauthenticated", (await stranger.AskAsync("""{"request":"hello"}""")).Text("code"));
    }

    [Fact]
    public async Task A_connection_does_not_outlive_the_secret_that_it_has_shown()
    {
        await using var daemon = await StartWithKeysAsync();
        using var one = await ConnectAsync(daemon, "one");
        using var two = await ConnectAsync(daemon, "two");
        await ChangeAsync(daemon, "one", _ => "");
        var renewed = await daemon.NewKeyAsync("one");
        await daemon.ReloadAsync();

        Assert.Equal("unauthenticated", (await one.AskAsync("""{"request":"hello"}""")).Text("code"));
        (await one.AskAsync($$"""{"request":"hello","key":"{{renewed}}"}""")).MustBeOk();
        (await two.AskAsync("""{"request":"hello"}""")).MustBeOk();
    }

    [Fact]
    public async Task A_key_of_a_worker_may_neither_submit_nor_look()
    {
        await using var daemon = await StartWithKeysAsync();
        var key = await daemon.NewKeyAsync("places", "--role", "worker");
        await daemon.ReloadAsync();
        using var worker = await daemon.ConnectAsync();
        (await worker.AskAsync($$"""{"request":"hello","key":"{{key}}"}""")).MustBeOk();
        string[] requests =
        [
            """{"request":"start","name":"demo.noop"}""",
            """{"request":"submit","tasks":[{"name":"demo.noop"}]}""",
            """{"request":"active"}""",
            """{"request":"index"}""",
            """{"request":"watch"}""",
            """{"request":"kill"}""",
        ];
        foreach (var request in requests)
        {
            var answer = await worker.AskAsync(request);
            Assert.Equal("forbidden", answer.Text("code"));
            Assert.Contains("offering places to run tasks on", answer.Text("message"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Guessing_becomes_slow_and_a_right_key_is_answered_at_once_all_the_same()
    {
        await using var daemon = await StartWithKeysAsync();
        var guesses = 0;
        var slowed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var guessers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => daemon.ConnectAsync()));
        var guessing = guessers.Select(GuessAsync).ToList();
        await slowed.Task.WaitAsync(DaemonProcess.Patience);

        // From the same address and from another; the guesser has his next answer in two seconds at the earliest.
        using var same = await ConnectAsync(daemon, "one");
        using var other = await daemon.ConnectAsync(IPAddress.Parse("127.0.0.2"));
        (await other.AskAsync($$"""{"request":"hello","key":"{{Keys[daemon.Folder]["two"]}}"}""")).MustBeOk();
        Assert.InRange(Volatile.Read(ref guesses), 5, 7);

        foreach (var guesser in guessers)
            guesser.Dispose();
        await Task.WhenAll(guessing);

        async Task GuessAsync(LineClient client)
        {
            try
            {
                for (var n = 0; n < 5; n++)
                {
                    var answer = await client.AskAsync("""{"request":"hello","key":"apt_one_wrong"}""");
                    Assert.Equal("unauthenticated", answer.Text("code"));
                    if (Interlocked.Increment(ref guesses) == 5)
                        slowed.TrySetResult();
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // The test has seen enough of it.
            }
        }
    }

    private static async Task ChangeAsync(DaemonProcess daemon, string id, Func<string, string> change)
    {
        var file = Path.Combine(daemon.Folder, "keys.toml");
        var entries = (await File.ReadAllTextAsync(file)).Split("[[key]]").Skip(1);
        var changed = entries.Select(entry =>
            entry.Contains($"\"{id}\"", StringComparison.Ordinal) ? change(entry) : entry
        );
        await File.WriteAllTextAsync(
            file,
            string.Concat(changed.Where(entry => entry.Length > 0).Select(entry => "[[key]]" + entry))
        );
        await daemon.ReloadAsync();
    }

    private static readonly Dictionary<string, Dictionary<string, string>> Keys = [];

    private static async Task<DaemonProcess> StartWithKeysAsync(string whitelist = "")
    {
        var daemon = await DaemonProcess.StartAsync(whitelist: whitelist);
        var keys = new Dictionary<string, string>();
        foreach (var id in new[] { "one", "two" })
        {
            keys.Add(id, await daemon.NewKeyAsync(id));
        }

        lock (Keys)
            Keys[daemon.Folder] = keys;
        await daemon.ReloadAsync();
        return daemon;
    }

    private static async Task<LineClient> ConnectAsync(DaemonProcess daemon, string id)
    {
        var client = await daemon.ConnectAsync();
        (await client.AskAsync($$"""{"request":"hello","key":"{{Keys[daemon.Folder][id]}}"}""")).MustBeOk();
        return client;
    }
}
