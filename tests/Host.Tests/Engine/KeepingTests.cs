using AptTask.Host.Engine;
using AptTask.Scheduling;
using static AptTask.Host.Tests.Engine.EngineBench;

namespace AptTask.Host.Tests.Engine;

/// <summary>How long a result stays, and what goes with it.</summary>
public sealed class KeepingTests : IAsyncDisposable
{
    private readonly EngineBench _bench = new(
        ledger: new LedgerOptions { Linger = TimeSpan.FromMinutes(10), CachedResultBytes = 0 }
    );

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_result_that_nobody_fetched_stays_however_long_it_takes()
    {
        var task = await DoneAsync(KeepRule.Ack, "{\"pages\":7}");

        await _bench.AdvanceAsync(TimeSpan.FromDays(365));

        Assert.Equal("{\"pages\":7}", Text((await _bench.ResultAsync(task)).Data));
    }

    [Fact]
    public async Task A_result_that_was_fetched_and_not_acknowledged_lingers_and_goes()
    {
        var task = await DoneAsync(KeepRule.Ack);
        await _bench.ResultAsync(task);

        await _bench.AdvanceAsync(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.False(await _bench.IsGoneAsync(task));
        await _bench.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.True(await _bench.IsGoneAsync(task));
    }

    [Fact]
    public async Task A_fetched_result_goes_in_the_next_life_too()
    {
        var task = await DoneAsync(KeepRule.Ack);
        await _bench.ResultAsync(task);
        await _bench.FallDeadAsync();
        await _bench.OpenAsync();

        Assert.False(await _bench.IsGoneAsync(task));
        await _bench.AdvanceAsync(TimeSpan.FromMinutes(10));

        Assert.True(await _bench.IsGoneAsync(task));
    }

    [Fact]
    public async Task A_result_that_is_only_to_linger_goes_fetched_or_not()
    {
        var task = await DoneAsync(KeepRule.Linger, "1");
        Assert.Equal("1", Text((await _bench.ResultAsync(task)).Data));

        await _bench.AdvanceAsync(TimeSpan.FromMinutes(10));

        Assert.True(await _bench.IsGoneAsync(task));
    }

    [Fact]
    public async Task Of_a_task_that_is_not_to_be_kept_only_its_final_state_is_known_for_a_while()
    {
        await _bench.OpenAsync();
        var task = await _bench.SubmitAsync(TaskOf("a", KeepRule.None));
        var attempt = await _bench.Runner.NextStartAsync();
        await _bench.Runner.PostAsync(attempt, "preview", "1");
        await _bench.Runner.EndAsync(
            attempt,
            new AttemptEnd(AttemptOutcome.Succeeded.Instance) { Data = "2"u8.ToArray() },
            new WorkLogTail("opaque"u8.ToArray(), 6)
        );
        await _bench.WhenFinalAsync(task);

        var result = await _bench.ResultAsync(task);

        Assert.IsType<TaskState.Done>(result.Task.State);
        Assert.True(result.Data.IsEmpty);
        Assert.Empty(result.Posted);
        Assert.True(result.WorkLog.IsEmpty);
        await _bench.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.True(await _bench.IsGoneAsync(task));
    }

    [Fact]
    public async Task An_acknowledged_result_is_gone_at_once_and_acknowledging_it_again_says_so()
    {
        var task = await DoneAsync(KeepRule.Ack);

        Assert.Equal([task], await _bench.AckAsync(task));

        await AssertFaultAsync(LetterFault.NotFound, () => _bench.ResultAsync(task));
        await AssertFaultAsync(LetterFault.NotFound, () => _bench.AckAsync(task));
    }

    [Fact]
    public async Task Among_many_those_that_are_gone_are_no_error()
    {
        var task = await DoneAsync(KeepRule.Ack);

        var acknowledged = await _bench.AskAsync(
            (ledger, now) => ledger.Acknowledge([Of(new TaskId(99)), Of(task), Of(task)], now)
        );

        Assert.Equal([task], acknowledged);
    }

    [Fact]
    public async Task What_runs_cannot_be_acknowledged_and_nothing_of_the_request_is_done()
    {
        var done = await DoneAsync(KeepRule.Ack);
        var running = await _bench.SubmitAsync(TaskOf());

        await AssertFaultAsync(
            LetterFault.NotFinished,
            () => _bench.AskAsync((ledger, now) => ledger.Acknowledge([Of(done), Of(running)], now))
        );

        Assert.False(await _bench.IsGoneAsync(done));
        await AssertFaultAsync(LetterFault.NotFinished, () => _bench.ResultAsync(running));
    }

    [Fact]
    public async Task An_acknowledged_result_stays_while_an_unfinished_dependant_needs_it()
    {
        var task = await DoneAsync(KeepRule.Ack, "7");
        var dependant = await _bench.SubmitAsync(
            TaskOf("b", with: spec => spec with { WaitFor = [On("a"), On("later")] })
        );
        await _bench.AckAsync(task);
        Assert.False(await _bench.IsGoneAsync(task));
        await _bench.FallDeadAsync();
        await _bench.OpenAsync();

        await _bench.SubmitAsync(TaskOf("later"));
        await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync());
        var order = await _bench.Runner.NextStartAsync();
        Assert.Equal(7, order.Dependencies["a"].Data.GetInt32());
        await _bench.Runner.SucceedAsync(order);
        await _bench.WhenFinalAsync(dependant);

        Assert.True(await _bench.IsGoneAsync(task));
    }

    [Fact]
    public async Task Forgetting_drops_what_ended_before_and_nothing_that_is_needed_or_of_others()
    {
        var old = await DoneAsync(KeepRule.Ack);
        await _bench.AdvanceAsync(TimeSpan.FromHours(2));
        var young = await DoneOneAsync("young", KeepRule.Ack);
        var before = _bench.Time.GetUtcNow() - TimeSpan.FromHours(1);

        Assert.Equal(0, await _bench.AskAsync((ledger, now) => ledger.Forget(new GroupName("other"), before, now)));
        Assert.Equal(1, await _bench.AskAsync((ledger, now) => ledger.Forget(null, before, now)));

        Assert.True(await _bench.IsGoneAsync(old));
        Assert.False(await _bench.IsGoneAsync(young));
    }

    [Fact]
    public async Task The_memory_of_a_job_fades_after_its_time()
    {
        _bench.Change(options =>
            options with
            {
                Scheduling = options.Scheduling with { Remember = TimeSpan.FromDays(7) },
            }
        );
        var task = await DoneAsync(KeepRule.Ack);
        await _bench.AckAsync(task);
        await _bench.AdvanceAsync(TimeSpan.FromDays(6));
        Assert.IsType<SubmitOutcome.Accepted>(
            await _bench.TrySubmitAsync([TaskOf("b", with: spec => spec with { WaitFor = [On("a")] })], strict: true)
        );

        // A dependant that is not finished keeps the memory; this one is.
        await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync());
        await _bench.AdvanceAsync(TimeSpan.FromDays(2));

        var late = await _bench.TrySubmitAsync(
            [TaskOf("c", with: spec => spec with { WaitFor = [On("a")] })],
            strict: true
        );
        Assert.IsType<Refusal.UnknownJob>(Assert.IsType<SubmitOutcome.Refused>(late).Refusal);
    }

    [Fact]
    public async Task Another_groups_task_looks_like_none_at_all()
    {
        var task = await DoneAsync(KeepRule.Ack);
        var foreign = new TaskReference(new GroupName("other"), task, null);

        await AssertFaultAsync(
            LetterFault.NotFound,
            () => _bench.AskAsync((ledger, now) => ledger.Result(foreign, now))
        );
        await AssertFaultAsync(LetterFault.NotFound, () => _bench.AskAsync((ledger, _) => ledger.Status(foreign)));
        await AssertFaultAsync(
            LetterFault.NotFound,
            () => _bench.AskAsync((ledger, now) => ledger.Acknowledge([foreign], now))
        );
        await AssertFaultAsync(
            LetterFault.NotFound,
            () => _bench.AskAsync((ledger, now) => ledger.Stop(foreign, StopReason.Stop, true, now))
        );
    }

    private async Task<TaskId> DoneAsync(KeepRule keep, string? data = null)
    {
        await _bench.OpenAsync();
        return await DoneOneAsync("a", keep, data);
    }

    private async Task<TaskId> DoneOneAsync(string job, KeepRule keep, string? data = null)
    {
        var task = await _bench.SubmitAsync(TaskOf(job, keep));
        await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync(), data);
        await _bench.WhenFinalAsync(task);
        return task;
    }

    private static async Task AssertFaultAsync(LetterFault fault, Func<Task> ask) =>
        Assert.Equal(fault, (await Assert.ThrowsAsync<LetterException>(ask)).Fault);

    private static string Text(ReadOnlyMemory<byte> json) => System.Text.Encoding.UTF8.GetString(json.Span);
}
