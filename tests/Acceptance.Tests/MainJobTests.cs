namespace AptTask.Acceptance.Tests;

/// <summary>What the README promises: a graph that runs in order, with plain tools and with real programs.</summary>
public class MainJobTests
{
    [Theory]
    [InlineData("examples/report.ndjson")]
    [InlineData("examples/fan.ndjson")]
    [InlineData("examples/nightly-backup.ndjson")]
    public async Task Each_example_runs_to_its_end_and_every_task_is_done(string example)
    {
        var run = await Programs.RunAsync("dotnet", [Clone.Daemon, "run", example], Clone.Root);
        Assert.True(run.ExitCode == 0, $"{run.Output}\n{run.Errors}");
        Assert.Contains("\"response\":\"result\"", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Printf_and_netcat_start_a_task_follow_it_and_fetch_its_result()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        const string Lines = """
            {"request":"start","name":"demo.countdown","arguments":{"from":3},"jobid":"nc"}
            {"request":"log","jobid":"nc","follow":true}
            {"request":"wait","jobids":["nc"]}
            {"request":"result","jobid":"nc"}
            {"request":"ack","jobid":"nc"}

            """;
        var netcat = await Programs.RunAsync("nc", ["-N", "127.0.0.1", daemon.Port.ToString()], daemon.Folder, Lines);
        Assert.Contains(
            "\"response\":\"result\",\"result\":{\"taskid\":1,\"jobid\":\"nc\"",
            netcat.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("\"state\":\"done\"", netcat.Output, StringComparison.Ordinal);
        Assert.Contains("\"response\":\"ack\"", netcat.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_task_ends_as_stopped_and_what_waits_for_it_is_skipped_with_the_reason()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        using var client = await daemon.ConnectAsync();
        await client.AskAsync("""{"request":"start","name":"demo.sleep","arguments":{"seconds":600},"jobid":"long"}""");
        await client.AskAsync("""{"request":"start","name":"demo.noop","jobid":"behind","waitfor":["long"]}""");
        var explained = await client.AskAsync("""{"request":"explain","jobid":"behind"}""");
        Assert.Contains("long", explained.GetProperty("reasons")[0].Text("message"), StringComparison.Ordinal);
        (await client.AskAsync("""{"request":"stop","jobid":"long"}""")).MustBeOk();
        var waited = (await client.AskAsync("""{"request":"wait","jobids":["long","behind"]}""")).GetProperty("tasks");
        Assert.Equal(("stopped", "stop"), (waited[0].Text("state"), waited[0].Text("reason")));
        Assert.Equal(("skipped", "dependency"), (waited[1].Text("state"), waited[1].Text("reason")));
    }

    [Fact]
    public async Task A_request_sent_again_under_its_job_id_is_answered_by_the_first_task()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        using var client = await daemon.ConnectAsync();
        const string Start = """{"request":"start","name":"demo.echo","arguments":{"value":1},"jobid":"same"}""";
        var first = await client.AskAsync(Start);
        var second = await client.AskAsync(Start);
        Assert.Equal(first.Number("taskid"), second.Number("taskid"));
        Assert.True(second.GetProperty("deduplicated").GetBoolean());
        var other = await client.AskAsync(
            """{"request":"start","name":"demo.echo","arguments":{"value":2},"jobid":"same"}"""
        );
        Assert.Equal("jobid_taken", other.Text("code"));
    }

    [Fact]
    public async Task A_reload_takes_in_a_new_plugin_and_loses_a_removed_one_without_dropping_a_task()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        using var admin = await daemon.ConnectAsAdminAsync();
        using var client = await daemon.ConnectAsync();
        await client.AskAsync("""{"request":"start","name":"demo.sleep","arguments":{"seconds":600},"jobid":"kept"}""");
        var plugins = Path.Combine(daemon.Folder, "plugins");
        Directory.Move(Path.Combine(plugins, "ledger"), Path.Combine(daemon.Folder, "ledger.away"));
        var reload = await admin.AskAsync("""{"request":"reload"}""");
        reload.MustBeOk();
        Assert.Contains("removed", reload.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(
            "unknown_routine",
            (
                await client.AskAsync(
                    """{"request":"start","name":"ledger.write","arguments":{"file":"x","name":"y"}}"""
                )
            ).Text("code")
        );
        Directory.Move(Path.Combine(daemon.Folder, "ledger.away"), Path.Combine(plugins, "ledger"));
        Assert.Contains(
            "added",
            (await admin.AskAsync("""{"request":"reload"}""")).GetRawText(),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "running",
            (await client.AskAsync("""{"request":"status","jobid":"kept"}""")).GetProperty("task").Text("state")
        );
    }

    [Fact]
    public async Task A_broken_configuration_file_changes_nothing_and_the_reload_says_where_it_is_wrong()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        using var admin = await daemon.ConnectAsAdminAsync();
        await File.AppendAllTextAsync(Path.Combine(daemon.Folder, "aptask.toml"), "\n[lanez]\nx = 1\n");
        var reload = await admin.AskAsync("""{"request":"reload"}""");
        Assert.True(reload.GetProperty("refused").GetArrayLength() > 0, reload.GetRawText());
        Assert.True(reload.GetProperty("refused")[0].Number("line") > 0);
        using var client = await daemon.ConnectAsync();
        (await client.AskAsync("""{"request":"start","name":"demo.noop"}""")).MustBeOk();
    }
}
