using AptTask.Host.Engine;
using AptTask.Scheduling;
using Microsoft.Extensions.Time.Testing;

namespace AptTask.Host.Tests.Commands;

public sealed class StoppingTests
{
    [Fact]
    public async Task A_stop_ends_a_command_and_everything_it_started()
    {
        var seconds = Bench.UniqueSeconds();
        using var stop = new CancellationTokenSource();
        var running = Start(
            Bench.Routine("/bin/sh", $"args = [\"-c\", \"sleep {seconds} & sleep {seconds}; :\"]"),
            stop.Token
        );
        await Bench.UntilAsync(() => Bench.Processes(seconds).Length >= 3, "the shell and both sleeps are there");

        await stop.CancelAsync();

        Assert.IsType<AttemptOutcome.Stopped>((await running.WaitAsync(Bench.Patience)).Outcome);
        Assert.Empty(Bench.Processes(seconds));
    }

    [Fact]
    public async Task A_command_may_end_politely_within_its_grace()
    {
        using var stop = new CancellationTokenSource();
        using var attempt = Bench.Attempt(stop: stop.Token);
        var running = Bench.PuppetRoutine(["polite", "5"], "grace = \"1h\"").RunAsync(attempt);
        await attempt.Ready.WaitAsync(Bench.Patience);

        await stop.CancelAsync();

        var end = await running.WaitAsync(Bench.Patience);
        Assert.IsType<AttemptOutcome.Stopped>(end.Outcome);
        Assert.Equal(5, end.ExitCode);
        Assert.NotNull(end.Usage!.CpuSeconds);
        Assert.True(end.Usage.PeakMemoryBytes > 1_000_000);
    }

    [Fact]
    public async Task A_command_that_ignores_signals_is_killed_when_its_grace_is_over_and_not_before()
    {
        var time = new FakeTimeProvider();
        using var stop = new CancellationTokenSource();
        using var attempt = Bench.Attempt(stop: stop.Token);
        var running = Bench.PuppetRoutine(["ignore-signals", "60"], "grace = \"7s\"", time).RunAsync(attempt);
        await attempt.Ready.WaitAsync(Bench.Patience);

        await stop.CancelAsync();
        time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.False(running.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));

        var end = await running.WaitAsync(Bench.Patience);
        Assert.IsType<AttemptOutcome.Stopped>(end.Outcome);
        Assert.Equal(137, end.ExitCode);
    }

    [Fact]
    public async Task Force_does_not_wait_for_the_grace()
    {
        using var force = new CancellationTokenSource();
        using var attempt = Bench.Attempt(force: force.Token);
        var running = Bench.PuppetRoutine(["ignore-signals", "60"], "grace = \"1h\"").RunAsync(attempt);
        await attempt.Ready.WaitAsync(Bench.Patience);

        await force.CancelAsync();

        Assert.Equal(137, (await running.WaitAsync(Bench.Patience)).ExitCode);
    }

    [Fact]
    public async Task A_command_that_has_stopped_itself_is_ended_too()
    {
        using var stop = new CancellationTokenSource();
        using var attempt = Bench.Attempt(stop: stop.Token);
        var running = Bench.PuppetRoutine(["stop"], "grace = \"1h\"").RunAsync(attempt);
        await attempt.Ready.WaitAsync(Bench.Patience);

        await stop.CancelAsync();

        Assert.IsType<AttemptOutcome.Stopped>((await running.WaitAsync(Bench.Patience)).Outcome);
    }

    [Fact]
    public async Task A_task_that_was_stopped_before_it_began_starts_nothing()
    {
        using var attempt = Bench.Attempt(stop: new CancellationToken(canceled: true));

        var end = await Bench.PuppetRoutine(["exit", "3"]).RunAsync(attempt).WaitAsync(Bench.Patience);

        Assert.IsType<AttemptOutcome.Stopped>(end.Outcome);
        Assert.Null(end.ExitCode);
    }

    [Theory] // 61
    [InlineData("fork")]
    [InlineData("fork-bare")]
    public async Task A_daemon_that_a_command_leaves_behind_is_gone_when_the_task_ends(string how)
    {
        var seconds = Bench.UniqueSeconds();

        var end = await Bench.RunPuppetAsync(how, seconds);

        Assert.IsType<AttemptOutcome.Succeeded>(end.Outcome);
        // With no mark at all it cannot be told from what other tests run at the moment, and ends with the last of those.
        for (var i = 0; how == "fork-bare" && Bench.Processes(seconds).Length > 0; i++)
        {
            Assert.True(i < 500, "the daemon without a mark lives on");
            await Bench.RunPuppetAsync("exit", "0");
        }
        Assert.Empty(Bench.Processes(seconds));
    }

    [Fact] // 62
    public async Task A_child_that_keeps_the_output_open_does_not_hold_up_the_end()
    {
        var seconds = Bench.UniqueSeconds();
        var started = TimeProvider.System.GetTimestamp();

        var end = await Bench.RunPuppetAsync("hold-stdout", seconds);

        Assert.Equal("ready\n", Bench.Data(end));
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
        Assert.Empty(Bench.Processes(seconds));
    }

    [Fact]
    public async Task Stopping_many_at_once_leaves_nothing()
    {
        var seconds = Bench.UniqueSeconds();
        using var stop = new CancellationTokenSource();
        var routine = Bench.Routine(
            "/bin/sh",
            $"args = [\"-c\", \"trap '' TERM; (setsid sleep {seconds} &); sleep {seconds}; sleep {seconds}\"]\ngrace = \"10ms\""
        );
        var running = Enumerable.Range(0, 20).Select(_ => Start(routine, stop.Token)).ToArray();
        await Bench.UntilAsync(() => Bench.Processes(seconds).Length >= 40, "all are there");

        await stop.CancelAsync();
        var ends = await Task.WhenAll(running).WaitAsync(Bench.Patience);

        Assert.All(ends, end => Assert.IsType<AttemptOutcome.Stopped>(end.Outcome));
        Assert.Empty(Bench.Processes(seconds));
        await Bench.UntilAsync(() => Bench.Zombies().Length == 0, "zombies are reaped");
    }

    private static async Task<AttemptEnd> Start(IRunnableRoutine routine, CancellationToken stop)
    {
        using var attempt = Bench.Attempt(stop: stop);
        return await routine.RunAsync(attempt);
    }
}
