using System.Text.Json;

namespace AptTask.Acceptance.Tests;

/// <summary>What was accepted is not lost, and nothing runs twice without saying so: tried by killing the daemon under load.</summary>
public class CrashTests
{
    private const int Rounds = 30;

    [Fact(Timeout = 600_000)]
    public async Task An_accepted_task_survives_thirty_kills_and_no_attempt_runs_twice()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        var accepted = new Dictionary<string, long>();
        var random = new Random(20261124);
        for (var round = 0; round < Rounds; round++)
        {
            await SubmitUntilKilledAsync(
                daemon,
                round,
                accepted,
                random.Next(1, 200),
                TimeSpan.FromMilliseconds(random.Next(0, 60))
            );
            await daemon.StartAsync();
        }

        using var client = await daemon.ConnectAsync();
        var states = await EndStatesAsync(client, accepted);
        var ledger = File.ReadAllLines(daemon.Ledger).Select(line => line.Split(' ')).ToList();

        Assert.True(accepted.Count > 20 * Rounds, $"Only {accepted.Count} tasks were accepted: that is no load.");
        // None lost: every task that was accepted is there and final.
        Assert.Equal(accepted.Count, states.Count);
        Assert.All(states.Values, state => Assert.Contains(state.State, new[] { "done", "failed" }));
        // None run twice: a token is an attempt, and each attempt wrote at most one line.
        Assert.Empty(ledger.GroupBy(line => line[3]).Where(token => token.Count() > 1).Select(token => token.Key));
        // Done means that it ran; a task that is not idempotent ran once at most, and failed only as lost.
        foreach (var (name, state) in states)
        {
            var runs = ledger.Count(line => line[0] == name);
            if (state.State == "done")
                Assert.True(runs >= 1, $"{name} is done and never ran.");
            else
                Assert.Equal("lost", state.Reason);
            if (name.StartsWith("once", StringComparison.Ordinal))
                Assert.True(runs <= 1, $"{name} ran {runs} times.");
            else
                Assert.True(runs <= state.Attempt, $"{name} ran {runs} times in {state.Attempt} attempts.");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Rounds} kills, {accepted.Count} tasks accepted, {ledger.Count} ran, {states.Values.Count(state => state.Reason == "lost")} lost."
        );
    }

    [Fact]
    public async Task Task_ids_go_on_after_a_kill()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        long last;
        using (var client = await daemon.ConnectAsync())
        {
            last = (await client.AskAsync("""{"request":"start","name":"demo.noop"}""")).Number("taskid");
            await client.AskAsync($$"""{"request":"wait","taskids":[{{last}}]}""");
            (await client.AskAsync($$"""{"request":"ack","taskid":{{last}}}""")).MustBeOk();
        }

        await daemon.KillAsync();
        await daemon.StartAsync();
        using var again = await daemon.ConnectAsync();
        var next = (await again.AskAsync("""{"request":"start","name":"demo.noop"}""")).Number("taskid");
        Assert.True(next > last, $"Task {next} came after task {last} was gone.");
    }

    [Fact]
    public async Task A_second_daemon_on_the_same_database_is_refused_with_the_pid_of_the_first()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        var second = await Programs.RunAsync(
            "dotnet",
            [Clone.Daemon, "serve", "--config", "aptask.toml", "--set", "server.unix=e.sock"],
            daemon.Folder
        );
        Assert.Equal(4, second.ExitCode);
        Assert.Contains(daemon.Pid.ToString(), second.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shutdown_ends_a_running_task_as_lost_and_not_as_stopped()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        long task;
        using (var client = await daemon.ConnectAsync())
        {
            task = (await client.AskAsync("""{"request":"start","name":"ledger.hold"}""")).Number("taskid");
        }

        Assert.Equal(0, await daemon.StopAsync());
        await daemon.StartAsync();
        using var again = await daemon.ConnectAsync();
        var status = (await again.AskAsync($$"""{"request":"status","taskid":{{task}}}""")).GetProperty("task");
        Assert.Equal("failed", status.Text("state"));
        Assert.Equal("lost", status.Text("reason"));
    }

    private static async Task SubmitUntilKilledAsync(
        DaemonProcess daemon,
        int round,
        Dictionary<string, long> accepted,
        int answers,
        TimeSpan more
    )
    {
        using var client = await daemon.ConnectAsync();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var submitting = SubmitAsync(client, daemon.Ledger, round, accepted, answers, reached);
        await Task.WhenAny(submitting, reached.Task);
        // The kill is to come at a moment that nobody chose; what is waited for is not a condition but chance.
        await Task.Delay(more);
        await daemon.KillAsync();
        await submitting;
    }

    private static async Task SubmitAsync(
        LineClient client,
        string ledger,
        int round,
        Dictionary<string, long> accepted,
        int answers,
        TaskCompletionSource reached
    )
    {
        try
        {
            for (var batch = 0; ; batch++)
            {
                var names = Enumerable
                    .Range(0, 20)
                    .Select(n => $"{(n % 2 == 0 ? "once" : "again")}-{round}-{batch}-{n}")
                    .ToList();
                foreach (var name in names)
                    await client.SendAsync(
                        Start(name, ledger, after: name.EndsWith("-19", StringComparison.Ordinal) ? names[0] : null)
                    );
                foreach (var name in names)
                {
                    if (await client.ReadAsync() is not { } answer)
                        return;
                    answer.MustBeOk();
                    accepted.Add(name, answer.Number("taskid"));
                    if (--answers == 0)
                        reached.TrySetResult();
                }
            }
        }
        catch (IOException)
        {
            // The daemon was killed: what was not answered was not accepted, as far as this client knows.
        }
    }

    private static string Start(string name, string ledger, string? after) =>
        JsonSerializer.Serialize(
            new
            {
                request = "start",
                name = name.StartsWith("once", StringComparison.Ordinal) ? "ledger.write" : "ledger.again",
                arguments = new { file = ledger, name },
                jobid = name,
                waitfor = after is null ? Array.Empty<object>() : [new { job = after, when = "finished" }],
            }
        ) + "\n";

    private static async Task<Dictionary<string, (string State, string? Reason, long Attempt)>> EndStatesAsync(
        LineClient client,
        Dictionary<string, long> accepted
    )
    {
        foreach (var chunk in accepted.Values.Chunk(1000))
            (
                await client.AskAsync(
                    $$"""{"request":"wait","taskids":[{{string.Join(',', chunk)}}],"timeout_seconds":120}"""
                )
            ).MustBeOk();
        var states = new Dictionary<string, (string, string?, long)>();
        foreach (var (name, task) in accepted)
        {
            var answer = await client.AskAsync($$"""{"request":"status","taskid":{{task}}}""");
            answer.MustBeOk();
            var view = answer.GetProperty("task");
            states.Add(name, (view.Text("state")!, view.Text("reason"), view.Number("attempt")));
        }

        return states;
    }
}
