using AptTask.Host.Engine;
using AptTask.Host.Store;
using AptTask.Scheduling;
using static AptTask.Host.Tests.Engine.EngineBench;

namespace AptTask.Host.Tests.Engine;

/// <summary>What the daemon finds when it opens its file again.</summary>
public sealed class RestartTests : IAsyncDisposable
{
    private static readonly RetryPolicy TwoAttempts = new(2, Backoff.Fixed, TimeSpan.Zero, TimeSpan.Zero, 0);

    private readonly EngineBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task An_attempt_that_the_daemon_took_down_with_it_is_lost()
    {
        await _bench.OpenAsync();
        var task = await _bench.SubmitAsync(TaskOf("a"));
        await _bench.Runner.NextStartAsync();

        await RestartAsync();

        var found = await _bench.StatusAsync(task);
        Assert.Equal(new TaskState.Failed(1, FailureReason.Lost), found.State);
        Assert.Contains("how far it came is not known", found.Message, StringComparison.Ordinal);
        Assert.Null(_bench.Runner.TakeStart());
    }

    [Fact]
    public async Task A_lost_attempt_with_retries_left_is_followed_by_another()
    {
        await _bench.OpenAsync();
        var task = await _bench.SubmitAsync(TaskOf("a", with: spec => spec with { Retry = TwoAttempts }));
        var first = await _bench.Runner.NextStartAsync();

        await RestartAsync();

        var second = await _bench.Runner.NextStartAsync();
        Assert.Equal((task, 2), (second.Spec.Id, second.Number));
        Assert.True(second.Token.Value > first.Token.Value);
    }

    [Fact]
    public async Task A_lost_attempt_of_an_idempotent_routine_runs_again_three_times_and_no_more()
    {
        await _bench.OpenAsync();
        var task = await _bench.SubmitAsync(TaskOf("a", with: spec => spec with { Idempotent = true }));
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            Assert.Equal(attempt, (await _bench.Runner.NextStartAsync()).Number);
            await RestartAsync();
        }

        Assert.Equal(new TaskState.Failed(4, FailureReason.Lost), await _bench.StateAsync(task));
        Assert.Null(_bench.Runner.TakeStart());
    }

    [Fact]
    public async Task A_task_that_was_being_stopped_when_the_daemon_died_is_stopped()
    {
        await _bench.OpenAsync();
        var task = await _bench.SubmitAsync(TaskOf("a", with: spec => spec with { Retry = TwoAttempts }));
        await _bench.Runner.NextStartAsync();
        await _bench.AskAsync((ledger, now) => ledger.Stop(Of(task), StopReason.Stop, false, now));

        await RestartAsync();

        Assert.Equal(new TaskState.Stopped(1, StopReason.Stop), await _bench.StateAsync(task));
    }

    [Fact]
    public async Task A_shutdown_makes_running_attempts_lost_and_never_stopped()
    {
        await _bench.OpenAsync();
        var task = await _bench.SubmitAsync(TaskOf("a"));
        var again = await _bench.SubmitAsync(TaskOf("b", with: spec => spec with { Idempotent = true }));
        await _bench.Runner.NextStartAsync();

        _bench.Runner.Obeys = true;
        await _bench.ShutDownAsync();
        await _bench.OpenAsync();

        var found = await _bench.StatusAsync(task);
        Assert.Equal(new TaskState.Failed(1, FailureReason.Lost), found.State);
        Assert.Contains("shut down", found.Message, StringComparison.Ordinal);
        Assert.Equal(
            (again, 1),
            (await _bench.Runner.NextStartAsync()) is var next ? (next.Spec.Id, next.Number) : default
        );
    }

    [Fact]
    public async Task A_shutdown_asks_first_then_forces_and_does_not_wait_for_ever()
    {
        await _bench.OpenAsync();
        var task = await _bench.SubmitAsync(TaskOf("a"));
        await _bench.Runner.NextStartAsync();

        await _bench.ShutDownAsync();
        await _bench.OpenAsync();

        Assert.Equal(new TaskState.Failed(1, FailureReason.Lost), await _bench.StateAsync(task));
    }

    [Fact]
    public async Task A_person_who_stopped_a_task_before_the_shutdown_finds_it_stopped()
    {
        await _bench.OpenAsync();
        var task = await _bench.SubmitAsync(TaskOf("a"));
        await _bench.Runner.NextStartAsync();
        await _bench.AskAsync((ledger, now) => ledger.Stop(Of(task), StopReason.Stop, false, now));
        await _bench.Runner.NextStopAsync();

        _bench.Runner.Obeys = true;
        await _bench.ShutDownAsync();
        await _bench.OpenAsync();

        Assert.Equal(new TaskState.Stopped(1, StopReason.Stop), await _bench.StateAsync(task));
    }

    [Fact]
    public async Task What_a_failed_attempt_left_is_still_known_when_the_next_one_started_at_once()
    {
        await _bench.OpenAsync();
        var task = await _bench.SubmitAsync(
            TaskOf("a", with: spec => spec with { Retry = TwoAttempts with { Attempts = 3 } })
        );
        await _bench.Runner.FailAsync(await _bench.Runner.NextStartAsync());
        await _bench.Runner.NextStartAsync();
        Assert.Equal(3, (await _bench.StatusAsync(task)).ExitCode);

        await _bench.FallDeadAsync();

        using var store = SqliteTaskStore.Open(_bench.DatabasePath, StoreDurability.Normal);
        var found = Assert.Single(store.Load().Tasks);
        Assert.Equal((3, "It broke."), (found.ExitCode, found.Message));
    }

    [Fact]
    public async Task Ids_are_never_given_twice_even_when_everything_was_deleted()
    {
        await _bench.OpenAsync();
        var last = default(TaskId);
        foreach (var job in new[] { "a", "b" })
        {
            last = await _bench.SubmitAsync(TaskOf(job));
            await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync());
            await _bench.WhenFinalAsync(last);
            await _bench.AckAsync(last);
        }

        await RestartAsync();

        Assert.True((await _bench.SubmitAsync(TaskOf("c"))).Value > last.Value);
    }

    [Fact]
    public async Task A_result_that_was_acknowledged_in_the_moment_of_its_end_leaves_nothing_behind()
    {
        await _bench.OpenAsync();
        var task = await _bench.SubmitAsync(TaskOf("a"));
        var attempt = await _bench.Runner.NextStartAsync();
        await _bench.Runner.PostAsync(attempt, "early", "1");
        var gate = _bench.Store.HoldNextCommit();
        await _bench.SubmitAsyncUnanswered(TaskOf("b"));
        await gate.Reached;
        // All three come while the loop writes, so they are one batch.
        await _bench.Runner.PostAsync(attempt, "late", "2");
        await _bench.Runner.EndAsync(
            attempt,
            new AttemptEnd(AttemptOutcome.Succeeded.Instance) { Data = "3"u8.ToArray() },
            new WorkLogTail("opaque"u8.ToArray(), 6)
        );
        var acknowledged = await _bench.Engine.AskAsync((ledger, now) => ledger.Acknowledge([Of(task)], now));
        gate.Open();
        await acknowledged.WaitAsync(Patience);

        await RestartAsync();

        Assert.True(_bench.Store.ReadWorkLog(task).IsEmpty);
        Assert.Empty(_bench.Store.ReadPosted(task));
    }

    [Fact]
    public async Task A_job_is_remembered_after_its_result_was_acknowledged_also_by_the_next_life()
    {
        await _bench.OpenAsync();
        var task = await _bench.SubmitAsync(TaskOf("a"));
        await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync());
        await _bench.WhenFinalAsync(task);
        await _bench.AckAsync(task);

        await RestartAsync();
        var dependant = await _bench.SubmitAsync(TaskOf("b", with: spec => spec with { WaitFor = [On("a")] }));

        Assert.Equal(dependant, (await _bench.Runner.NextStartAsync()).Spec.Id);
    }

    private async Task RestartAsync()
    {
        await _bench.FallDeadAsync();
        await _bench.OpenAsync();
    }
}
