using System.Text.Json;

namespace AptTask.Acceptance.Tests;

/// <summary>Workers on other machines: what they offer, what they refuse, and what remains when they or the daemon go.</summary>
public class RemoteWorkerTests
{
    // One that may be run again and one that may not, and one that says what it does.
    private static readonly string Whitelist =
        RemoteSite.Sleeper("far.sleep") + RemoteSite.Sleeper("far.again", isIdempotent: true);

    [Fact]
    public async Task A_worker_offers_what_its_machine_has_and_everything_travels()
    {
        await using var site = await RemoteSite.OpenAsync();
        await site.AddAsync("gpu-1", Whitelist);
        await site.WaitForWorkersAsync("gpu-1");
        using var client = await site.ConnectAsync();

        var index = (await client.AskAsync("""{"request":"index"}""")).GetProperty("routines").EnumerateArray();
        var offered = index.Single(routine => routine.Text("name") == "demo.sleep");
        Assert.EndsWith("on gpu-1", offered.Text("origin"), StringComparison.Ordinal);

        var echoed = await client.RunAsync(Start("demo.echo", new { value = new { deep = new[] { 1, 2 } } }));
        Assert.Equal("done", echoed.Text("state"));
        Assert.Equal("""{"deep":[1,2]}""", echoed.GetProperty("data").GetRawText());

        (await client.AskAsync(Start("demo.post", new { name = "n", value = 7 }, ",\"jobid\":\"posted\""))).MustBeOk();
        var gathered = await client.RunAsync(Start("demo.gather", new { }, ",\"waitfor\":[\"posted\"]"));
        Assert.Contains("\"n\":7", gathered.GetProperty("data").GetRawText(), StringComparison.Ordinal);
        var posted = (await client.AskAsync("""{"request":"result","jobid":"posted"}""")).GetProperty("result");
        Assert.Equal(7, posted.GetProperty("posted").GetProperty("n").GetInt32());
        Assert.Contains("Posting n.", posted.GetRawText(), StringComparison.Ordinal);

        var slept = await client.RunAsync(Start("demo.sleep", new { seconds = 0.2 }));
        Assert.Contains("\"progress\":1", slept.GetRawText(), StringComparison.Ordinal);

        using var admin = await site.Daemon.ConnectAsAdminAsync();
        var worker = (await admin.AskAsync("""{"request":"workers"}"""))
            .GetProperty("workers")
            .EnumerateArray()
            .Single(worker => worker.Text("name") == "gpu-1");
        Assert.Equal("idle", worker.Text("state"));
        Assert.Equal(4, worker.Number("finished"));
        Assert.Equal("""{"far":1}""", worker.GetProperty("lanes").GetRawText());
    }

    [Fact]
    public async Task A_task_waits_for_a_worker_that_has_gone_also_over_a_restart_of_the_daemon()
    {
        await using var site = await RemoteSite.OpenAsync();
        var worker = await site.AddAsync("gpu-1", Whitelist);
        await site.WaitForWorkersAsync("gpu-1");
        await worker.SignalAsync("TERM");
        Assert.Equal(0, await worker.WaitForExitAsync());
        await site.WaitForWorkersAsync();
        long task;
        using (var client = await site.ConnectAsync())
        {
            task = (await client.AskAsync(Start("demo.echo", new { value = 1 }))).Number("taskid");
            await ExplainsNoWorkerAsync(client, task);
        }

        await site.Daemon.StopAsync();
        await site.Daemon.StartAsync();

        using var later = await site.ConnectAsync();
        await ExplainsNoWorkerAsync(later, task);
        worker.Start();
        await WaitAsync(later, task, "done");
    }

    [Fact]
    public async Task Arguments_are_checked_by_the_whitelist_of_the_machine_that_runs_them()
    {
        await using var site = await RemoteSite.OpenAsync();
        await site.AddAsync("gpu-1", Whitelist);
        await site.WaitForWorkersAsync("gpu-1");
        using var client = await site.ConnectAsync();

        var result = await client.RunAsync(Start("far.sleep", new { seconds = -1 }));

        Assert.Equal("failed", result.Text("state"));
        Assert.Equal("revoked", result.Text("reason"));
        Assert.Contains("seconds", result.GetRawText(), StringComparison.Ordinal);
        var unknown = await client.AskAsync(Start("far.sleep", new { second = 1 }));
        Assert.Equal("unknown_argument", unknown.Text("code"));
    }

    [Fact]
    public async Task Whoever_may_not_offer_places_is_told_why_and_ends()
    {
        await using var site = await RemoteSite.OpenAsync();
        await site.AddAsync("gpu-1", Whitelist);
        await site.WaitForWorkersAsync("gpu-1");

        await RefusedAsync("gpu-2", "apt_places_wrong", "Its key is not known here");
        await RefusedAsync("gpu-2", site.Key("one"), "role worker");
        await RefusedAsync("gpu-1", site.Key("places"), "There is a worker gpu-1 already");
        await RefusedAsync("gpu 3", site.Key("places"), "Its name is not a name");
        await site.WaitForWorkersAsync("gpu-1");

        async Task RefusedAsync(string name, string key, string why)
        {
            var refused = await site.AddAsync(name, Whitelist, key: key);
            Assert.NotEqual(0, await refused.WaitForExitAsync());
            await refused.WaitForAsync(why);
            await site.WaitForLogAsync(why);
            Assert.DoesNotContain(key, site.Log, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_worker_whose_key_is_taken_away_is_cut_off()
    {
        await using var site = await RemoteSite.OpenAsync();
        var worker = await site.AddAsync("gpu-1", Whitelist);
        await site.WaitForWorkersAsync("gpu-1");
        var file = Path.Combine(site.Daemon.Folder, "keys.toml");
        var entries = (await File.ReadAllTextAsync(file)).Split("[[key]]");
        await File.WriteAllTextAsync(
            file,
            string.Join("[[key]]", entries.Where(entry => !entry.Contains("\"places\"", StringComparison.Ordinal)))
        );

        await site.Daemon.ReloadAsync();

        Assert.NotEqual(0, await worker.WaitForExitAsync());
        await worker.WaitForAsync("Its key is not known here");
    }

    [Fact]
    public async Task A_routine_and_a_lane_of_the_daemon_itself_stay_its_own()
    {
        await using var site = await RemoteSite.OpenAsync(
            "[lanes]\nfar = 2\n",
            """
            [[command]]
            name = "far.sleep"
            path = "/usr/bin/echo"
            args = ["mine"]
            sandbox = "limits"
            """
        );
        await site.AddAsync("gpu-1", Whitelist, lane: "far=7");
        await site.WaitForWorkersAsync("gpu-1");
        using var client = await site.ConnectAsync();
        using var admin = await site.Daemon.ConnectAsAdminAsync();

        Assert.Equal("mine\n", (await client.RunAsync(Start("far.sleep", new { }))).Text("data"));
        Assert.Equal(2, await WidthAsync(admin, "far"));
        await site.Daemon.ReloadAsync();
        Assert.Equal(2, await WidthAsync(admin, "far"));
        Assert.Equal("mine\n", (await client.RunAsync(Start("far.sleep", new { }))).Text("data"));
        Assert.Equal("done", (await client.RunAsync(Start("far.again", new { seconds = 1 }))).Text("state"));
    }

    [Fact]
    public async Task Places_are_never_exceeded_and_a_drained_worker_is_given_nothing_more()
    {
        await using var site = await RemoteSite.OpenAsync();
        await site.AddAsync("gpu-1", Whitelist, lane: "far=2");
        await site.AddAsync("gpu-2", Whitelist);
        await site.WaitForWorkersAsync("gpu-1", "gpu-2");
        using var client = await site.ConnectAsync();
        using var admin = await site.Daemon.ConnectAsAdminAsync();
        Assert.Equal(3, await WidthAsync(admin, "far"));
        var seconds = Sleepers.NewSeconds();
        var tasks = new List<long>();
        for (var n = 0; n < 6; n++)
            tasks.Add(
                (await client.AskAsync(Start("far.sleep", new { seconds = int.Parse(seconds) }))).Number("taskid")
            );
        await Sleepers.WaitForAsync(seconds, 3);

        (await admin.AskAsync("""{"request":"drain","on":true,"worker":"gpu-1"}""")).MustBeOk();
        foreach (var task in tasks[..3])
        {
            (await client.AskAsync($$"""{"request":"stop","taskid":{{task}}}""")).MustBeOk();
            await WaitAsync(client, task, "stopped");
            Assert.True(Sleepers.Of(seconds).Count <= 3);
        }
        await Sleepers.WaitForAsync(seconds, 1);
        var drained = (await admin.AskAsync("""{"request":"workers"}"""))
            .GetProperty("workers")
            .EnumerateArray()
            .Single(worker => worker.Text("name") == "gpu-1");
        Assert.Equal("draining", drained.Text("state"));
        Assert.Equal("[]", drained.GetProperty("taskids").GetRawText());

        (await admin.AskAsync("""{"request":"drain","on":false,"worker":"gpu-1"}""")).MustBeOk();
        await Sleepers.WaitForAsync(seconds, 3);
        (await admin.AskAsync("""{"request":"kill"}""")).MustBeOk();
        await Sleepers.WaitForAsync(seconds, 0);
        await site.WaitForWorkersAsync("gpu-1", "gpu-2");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_running_task_is_stopped_over_there(bool force)
    {
        await using var site = await RemoteSite.OpenAsync();
        await site.AddAsync("gpu-1", Whitelist);
        await site.WaitForWorkersAsync("gpu-1");
        using var client = await site.ConnectAsync();
        var seconds = Sleepers.NewSeconds();
        var task = (await client.AskAsync(Start("far.sleep", new { seconds = int.Parse(seconds) }))).Number("taskid");
        await Sleepers.WaitForAsync(seconds, 1);

        (
            await client.AskAsync(
                JsonSerializer.Serialize(
                    new
                    {
                        request = "stop",
                        taskid = task,
                        force,
                    }
                )
            )
        ).MustBeOk();

        await WaitAsync(client, task, "stopped");
        Assert.Empty(Sleepers.Of(seconds));
    }

    [Fact]
    public async Task A_killed_worker_leaves_no_process_and_its_tasks_are_lost_or_run_again()
    {
        await using var site = await RemoteSite.OpenAsync();
        var worker = await site.AddAsync("gpu-1", Whitelist, lane: "far=2");
        await site.WaitForWorkersAsync("gpu-1");
        using var client = await site.ConnectAsync();
        var (once, again) = (Sleepers.NewSeconds(), Sleepers.NewSeconds());
        var lost = (await client.AskAsync(Start("far.sleep", new { seconds = int.Parse(once) }))).Number("taskid");
        var retried = (await client.AskAsync(Start("far.again", new { seconds = int.Parse(again) }))).Number("taskid");
        await Sleepers.WaitForAsync(once, 1);
        await Sleepers.WaitForAsync(again, 1);

        await worker.SignalAsync("KILL");

        await Sleepers.WaitForAsync(once, 0);
        await Sleepers.WaitForAsync(again, 0);
        Assert.Equal("lost", (await WaitAsync(client, lost, "failed")).Text("reason"));
        await WaitAsync(client, retried, "ready");
        worker.Start();
        await Sleepers.WaitForAsync(again, 1);
        Assert.Equal(2, (await WaitAsync(client, retried, "running")).Number("attempt"));
    }

    [Fact]
    public async Task A_worker_that_is_told_to_end_ends_what_it_runs_as_lost()
    {
        await using var site = await RemoteSite.OpenAsync();
        var worker = await site.AddAsync("gpu-1", Whitelist);
        await site.WaitForWorkersAsync("gpu-1");
        using var client = await site.ConnectAsync();
        var seconds = Sleepers.NewSeconds();
        var task = (await client.AskAsync(Start("far.sleep", new { seconds = int.Parse(seconds) }))).Number("taskid");
        await Sleepers.WaitForAsync(seconds, 1);

        await worker.SignalAsync("TERM");

        Assert.Equal(0, await worker.WaitForExitAsync());
        Assert.Empty(Sleepers.Of(seconds));
        Assert.Equal("lost", (await WaitAsync(client, task, "failed")).Text("reason"));
    }

    [Fact]
    public async Task A_killed_daemon_is_come_back_to_and_nothing_runs_twice()
    {
        await using var site = await RemoteSite.OpenAsync();
        await site.AddAsync("gpu-1", Whitelist);
        await site.WaitForWorkersAsync("gpu-1");
        var seconds = Sleepers.NewSeconds();
        long task;
        using (var client = await site.ConnectAsync())
            task = (await client.AskAsync(Start("far.again", new { seconds = int.Parse(seconds) }))).Number("taskid");
        await Sleepers.WaitForAsync(seconds, 1);
        var first = Sleepers.Of(seconds).Single();

        await site.Daemon.KillAsync();
        await Sleepers.WaitForAsync(seconds, 0);
        await site.Daemon.StartAsync();

        await Sleepers.WaitForAsync(seconds, 1);
        Assert.NotEqual(first, Sleepers.Of(seconds).Single());
        using var later = await site.ConnectAsync();
        Assert.Equal(2, (await WaitAsync(later, task, "running")).Number("attempt"));
    }

    [Fact]
    public async Task A_worker_that_is_saying_how_far_it_is_when_the_daemon_is_killed_lives_on_and_comes_back()
    {
        await using var site = await RemoteSite.OpenAsync();
        await site.AddAsync("gpu-1", lane: "far=3");
        await site.WaitForWorkersAsync("gpu-1");
        using (var client = await site.ConnectAsync())
        {
            for (var i = 0; i < 2; i++)
                (await client.AskAsync(Start("demo.countdown", new { from = 1_000_000, pause = 0.001 }))).MustBeOk();
            await Eventually.HoldsAsync(
                async () =>
                    (await client.AskAsync("""{"request":"active"}"""))
                        .GetProperty("active")
                        .EnumerateArray()
                        .All(task => task.TryGetProperty("progress", out var progress) && progress.GetDouble() > 0),
                () => "The tasks say nothing of themselves."
            );
        }

        await site.Daemon.KillAsync();
        await site.Daemon.StartAsync();

        await site.WaitForWorkersAsync("gpu-1");
        using var again = await site.ConnectAsync();
        var echoed = await again.RunAsync(Start("demo.echo", new { value = 7 }));
        Assert.Equal("done", echoed.Text("state"));
    }

    [Fact]
    public async Task A_worker_that_was_held_up_past_its_lease_begins_nothing_that_was_sent_meanwhile()
    {
        await using var site = await RemoteSite.OpenAsync(lease: "1s");
        var trace = Path.Combine(Path.GetTempPath(), $"aptask-mark-{Guid.NewGuid():N}");
        var worker = await site.AddAsync(
            "gpu-1",
            $"""
            {Whitelist}
            [[command]]
            name = "far.mark"
            path = "/usr/bin/touch"
            args = ["{trace}"]
            sandbox = "limits"
            lane = "far"
            """,
            lane: "far=2"
        );
        await site.WaitForWorkersAsync("gpu-1");
        using var client = await site.ConnectAsync();
        var seconds = Sleepers.NewSeconds();
        var held = (await client.AskAsync(Start("far.sleep", new { seconds = int.Parse(seconds) }))).Number("taskid");
        await Sleepers.WaitForAsync(seconds, 1);

        await worker.SignalAsync("STOP");
        var sent = (await client.AskAsync(Start("far.mark", new { }))).Number("taskid");

        Assert.Equal("lost", (await WaitAsync(client, held, "failed")).Text("reason"));
        Assert.Equal("lost", (await WaitAsync(client, sent, "failed")).Text("reason"));
        await worker.SignalAsync("CONT");
        await Sleepers.WaitForAsync(seconds, 0);
        await site.WaitForWorkersAsync("gpu-1");
        Assert.False(File.Exists(trace));
        Assert.Equal("done", (await client.RunAsync(Start("demo.noop", new { }))).Text("state"));
    }

    [Fact]
    public async Task Only_the_very_certificate_that_the_worker_was_given_is_taken()
    {
        await using var site = await RemoteSite.OpenAsync(tls: true);
        await site.AddAsync("gpu-1", Whitelist, link: ["--certificate", site.Certificate]);
        await site.WaitForWorkersAsync("gpu-1");
        using var client = await site.ConnectAsync();
        Assert.Equal("done", (await client.RunAsync(Start("demo.noop", new { }))).Text("state"));

        Certificates.Write(site.Daemon.Folder, "other");
        var wrong = await site.AddAsync(
            "gpu-2",
            Whitelist,
            link: ["--certificate", Path.Combine(site.Daemon.Folder, "other.pem")]
        );
        await wrong.WaitForAsync("another certificate");
        var untrusting = await site.AddAsync("gpu-3", Whitelist, link: []);
        await untrusting.WaitForAsync("certificate");
        var missing = await site.AddAsync("gpu-4", Whitelist, link: ["--certificate", "nowhere.pem"]);
        Assert.Equal(2, await missing.WaitForExitAsync());
        await missing.WaitForAsync("nowhere.pem");
        await site.WaitForWorkersAsync("gpu-1");
    }

    internal static string Start(string name, object arguments, string more = "") =>
        $$"""{"request":"start","name":"{{name}}","arguments":{{JsonSerializer.Serialize(arguments)}}{{more}}}""";

    internal static async Task<JsonElement> WaitAsync(LineClient client, long task, string state)
    {
        JsonElement seen = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                seen = (await client.AskAsync($$"""{"request":"status","taskid":{{task}}}""")).GetProperty("task");
                return seen.Text("state") == state;
            },
            () => $"It should be {state}: {seen.GetRawText()}"
        );
        return seen;
    }

    private static async Task ExplainsNoWorkerAsync(LineClient client, long task)
    {
        var explained = await client.AskAsync($$"""{"request":"explain","taskid":{{task}}}""");
        Assert.Contains("\"no_worker\"", explained.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<int> WidthAsync(LineClient admin, string lane) =>
        (await admin.AskAsync("""{"request":"lanes"}"""))
            .GetProperty("lanes")
            .EnumerateArray()
            .Single(one => one.Text("name") == lane)
            .GetProperty("width")
            .GetInt32();
}
