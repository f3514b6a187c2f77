using AptTask.Host.Engine;
using AptTask.Scheduling;
using static AptTask.Host.Tests.Engine.EngineBench;

namespace AptTask.Host.Tests.Engine;

/// <summary>How tasks run, are tried again, are stopped and end, as the clock goes on.</summary>
public sealed class LifeOfATaskTests : IAsyncDisposable
{
    private readonly EngineBench _bench = new(width: 2);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_dependant_that_starts_with_the_end_of_its_dependency_is_given_what_that_one_left()
    {
        await _bench.OpenAsync();
        await _bench.SubmitAsync(TaskOf("a"));
        var dependant = TaskOf("b", with: spec => spec with { WaitFor = [On("a")] });
        await _bench.SubmitAsync(dependant);
        var first = await _bench.Runner.NextStartAsync();
        await _bench.Runner.PostAsync(first, "preview", "[1]");

        await _bench.Runner.SucceedAsync(first, "{\"pages\":7}");

        var order = await _bench.Runner.NextStartAsync();
        var dependency = order.Dependencies["a"];
        Assert.Equal(7, dependency.Data.GetProperty("pages").GetInt32());
        Assert.Equal(TaskOutcome.Done, dependency.Outcome);
        Assert.Equal(1, dependency.Posted["preview"][0].GetInt32());
    }

    [Fact]
    public async Task A_dependant_that_starts_after_a_restart_is_given_the_same()
    {
        await _bench.OpenAsync();
        await _bench.SubmitAsync(TaskOf("a"));
        await _bench.AskAsync((ledger, now) => Change(ledger, new Input.PauseLane(new LaneName("default"), true), now));
        await _bench.SubmitAsync(TaskOf("b", with: spec => spec with { WaitFor = [On("a")] }));
        await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync(), "7");
        await _bench.AskAsync((ledger, _) => ledger.Live());

        await _bench.FallDeadAsync();
        await _bench.OpenAsync();

        Assert.Equal(7, (await _bench.Runner.NextStartAsync()).Dependencies["a"].Data.GetInt32());
    }

    [Fact]
    public async Task A_task_that_is_not_due_starts_when_it_is()
    {
        await _bench.OpenAsync();
        var due = _bench.Time.GetUtcNow() + TimeSpan.FromHours(1);
        var task = await _bench.SubmitAsync(TaskOf("a", with: spec => spec with { NotBefore = due }));

        await _bench.AdvanceAsync(TimeSpan.FromMinutes(59));
        Assert.IsType<TaskState.Waiting>(await _bench.StateAsync(task));

        await _bench.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(task, (await _bench.Runner.NextStartAsync()).Spec.Id);
    }

    [Fact]
    public async Task A_deadline_skips_what_has_not_started_and_stops_what_runs()
    {
        await _bench.OpenAsync();
        var deadline = _bench.Time.GetUtcNow() + TimeSpan.FromMinutes(5);
        var running = await _bench.SubmitAsync(TaskOf("a", with: spec => spec with { Deadline = deadline }));
        var waiting = await _bench.SubmitAsync(
            TaskOf("b", with: spec => spec with { Deadline = deadline, WaitFor = [On("never")] })
        );
        var attempt = await _bench.Runner.NextStartAsync();

        await _bench.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(
            SkipReason.Deadline,
            Assert.IsType<TaskState.Skipped>((await _bench.WhenFinalAsync(waiting)).State).Reason
        );
        Assert.Equal((attempt.Token, false), await _bench.Runner.NextStopAsync());
        await _bench.Runner.EndAsync(attempt, new AttemptEnd(AttemptOutcome.Stopped.Instance));
        Assert.Equal(
            StopReason.Deadline,
            Assert.IsType<TaskState.Stopped>((await _bench.WhenFinalAsync(running)).State).Reason
        );
    }

    [Fact]
    public async Task A_failed_attempt_is_tried_again_after_its_delay_and_the_delays_grow()
    {
        await _bench.OpenAsync();
        var retry = new RetryPolicy(3, Backoff.Exponential, TimeSpan.FromSeconds(10), TimeSpan.FromHours(1), 0);
        var task = await _bench.SubmitAsync(TaskOf("a", with: spec => spec with { Retry = retry }));

        await _bench.Runner.FailAsync(await _bench.Runner.NextStartAsync());
        await _bench.AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.Equal(2, Assert.IsType<TaskState.BackingOff>(await _bench.StateAsync(task)).NextAttempt);
        await _bench.AdvanceAsync(TimeSpan.FromSeconds(1));
        var second = await _bench.Runner.NextStartAsync();
        Assert.Equal(2, second.Number);

        await _bench.Runner.FailAsync(second);
        await _bench.AdvanceAsync(TimeSpan.FromSeconds(19));
        Assert.IsType<TaskState.BackingOff>(await _bench.StateAsync(task));
        await _bench.AdvanceAsync(TimeSpan.FromSeconds(1));
        await _bench.Runner.FailAsync(await _bench.Runner.NextStartAsync());

        var final = await _bench.WhenFinalAsync(task);
        Assert.Equal(new TaskState.Failed(3, FailureReason.ExitCode), final.State);
        Assert.Equal(3, final.ExitCode);
    }

    [Fact]
    public async Task A_stop_asked_for_while_running_shows_as_stopping_until_the_attempt_is_gone()
    {
        await _bench.OpenAsync();
        var task = await _bench.SubmitAsync(TaskOf("a"));
        var attempt = await _bench.Runner.NextStartAsync();

        var stop = await _bench.AskAsync((ledger, now) => ledger.Stop(Of(task), StopReason.Stop, false, now));
        Assert.Equal(StopReason.Stop, Assert.IsType<TaskState.Running>(stop.State).Stopping);
        Assert.Equal(StopReason.Stop, Assert.IsType<TaskState.Running>(await _bench.StateAsync(task)).Stopping);

        await _bench.Runner.EndAsync(attempt, new AttemptEnd(AttemptOutcome.Stopped.Instance));
        Assert.Equal(new TaskState.Stopped(1, StopReason.Stop), (await _bench.WhenFinalAsync(task)).State);
    }

    [Fact]
    public async Task The_late_end_of_an_earlier_attempt_changes_nothing()
    {
        await _bench.OpenAsync();
        var retry = new RetryPolicy(2, Backoff.Fixed, TimeSpan.Zero, TimeSpan.Zero, 0);
        var task = await _bench.SubmitAsync(TaskOf("a", with: spec => spec with { Retry = retry }));
        var first = await _bench.Runner.NextStartAsync();
        await _bench.Runner.FailAsync(first);
        var second = await _bench.Runner.NextStartAsync();

        await _bench.Runner.SucceedAsync(first, "\"late\"");

        Assert.Equal(second.Token, Assert.IsType<TaskState.Running>(await _bench.StateAsync(task)).Token);
        Assert.Equal(1, (await _bench.AskAsync((ledger, _) => ledger.Stats())).Counts.StaleEnds);
    }

    [Fact]
    public async Task A_revoked_task_is_failed_and_not_tried_again()
    {
        await _bench.OpenAsync();
        var retry = new RetryPolicy(5, Backoff.Fixed, TimeSpan.Zero, TimeSpan.Zero, 0);
        var task = await _bench.SubmitAsync(TaskOf("a", with: spec => spec with { Retry = retry, Idempotent = true }));

        await _bench.Runner.FailAsync(await _bench.Runner.NextStartAsync(), FailureReason.Revoked);

        Assert.Equal(new TaskState.Failed(1, FailureReason.Revoked), (await _bench.WhenFinalAsync(task)).State);
        Assert.Null(_bench.Runner.TakeStart());
    }

    [Fact]
    public async Task A_killed_group_loses_its_running_tasks_by_force_and_no_others()
    {
        await _bench.OpenAsync();
        var mine = await _bench.SubmitAsync(TaskOf("a"));
        await _bench.SubmitAsync(TaskOf("a", with: spec => spec with { Group = new GroupName("other") }));
        var attempt = await _bench.Runner.NextStartAsync();
        await _bench.Runner.NextStartAsync();

        Assert.Equal(1, await _bench.AskAsync((ledger, now) => ledger.KillAll(Site, now)));

        Assert.Equal((attempt.Token, true), await _bench.Runner.NextStopAsync());
        await _bench.Runner.EndAsync(attempt, new AttemptEnd(AttemptOutcome.Stopped.Instance));
        Assert.Equal(new TaskState.Stopped(1, StopReason.Kill), (await _bench.WhenFinalAsync(mine)).State);
    }

    [Fact]
    public async Task A_wait_that_is_over_is_forgotten_with_all_that_it_held()
    {
        await _bench.OpenAsync();
        var (shown, task) = await WaitAndForgetAsync();
        await _bench.AckAsync(task);

        for (var round = 0; round < 20 && shown.IsAlive; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await _bench.AskAsync((ledger, _) => ledger.Live());
        }

        Assert.False(shown.IsAlive);
    }

    private async Task<(WeakReference Shown, TaskId Task)> WaitAndForgetAsync()
    {
        var task = await _bench.SubmitAsync(TaskOf("a"));
        var waiting = _bench.WhenFinalAsync(task);
        await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync());
        return (new WeakReference(await waiting), task);
    }

    [Fact]
    public async Task Any_one_of_many_is_enough_for_a_wait_that_says_so()
    {
        await _bench.OpenAsync();
        var tasks = await _bench.SubmitAsync(TaskOf("a"), TaskOf("b"));
        var waiting = await _bench.Engine.WaitAsync([.. tasks.Select(Of)], any: true, null, CancellationToken.None);

        await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync());

        var shown = await waiting.WaitAsync(Patience);
        Assert.Equal([true, false], shown.Select(task => task.State.IsFinal));
    }

    [Fact]
    public async Task A_wait_that_takes_too_long_answers_how_things_stand()
    {
        await _bench.OpenAsync();
        var task = await _bench.SubmitAsync(TaskOf("a"));
        var waiting = await _bench.Engine.WaitAsync([Of(task)], false, TimeSpan.FromSeconds(5), CancellationToken.None);
        await _bench.AskAsync((ledger, _) => ledger.Live());

        await _bench.AdvanceAsync(TimeSpan.FromSeconds(5));

        Assert.IsType<TaskState.Running>((await waiting.WaitAsync(Patience))[0].State);
    }

    private static bool Change(TaskLedger ledger, Input input, DateTimeOffset now)
    {
        ledger.Change(input, now);
        return true;
    }
}
