using AptTask.Host.Engine;
using AptTask.Scheduling;
using static AptTask.Host.Tests.Engine.EngineBench;

namespace AptTask.Host.Tests.Engine;

/// <summary>What happens when a group has as much as it may have.</summary>
public sealed class QueueTests : IAsyncDisposable
{
    private readonly EngineBench _bench = new(limits: new GroupLimits("site") { Pending = 2, Quota = 6 });

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_full_queue_is_refused_whole_with_its_limit()
    {
        await FillAsync();

        Assert.Equal(2, Assert.IsType<Refusal.QueueFull>(await RefusedAsync([TaskOf()])).Limit);
        Assert.Equal(3, (await _bench.AskAsync((ledger, _) => ledger.Live())).Length);
    }

    [Fact]
    public async Task Live_tasks_and_kept_results_count_together_against_the_quota()
    {
        await _bench.OpenAsync();
        for (var index = 0; index < 6; index++)
        {
            var task = await _bench.SubmitAsync(TaskOf());
            await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync());
            await _bench.WhenFinalAsync(task);
        }

        Assert.Equal(6, Assert.IsType<Refusal.QuotaReached>(await RefusedAsync([TaskOf()])).Limit);
        await _bench.AckAsync(new TaskId(1));
        await _bench.SubmitAsync(TaskOf());
    }

    [Fact]
    public async Task A_submission_that_may_wait_is_taken_when_there_is_room()
    {
        var running = await FillAsync();
        var parked = await ParkAsync(TaskOf("late"));

        await _bench.Runner.SucceedAsync(running);

        Assert.IsType<SubmitOutcome.Accepted>(await parked.WaitAsync(Patience));
    }

    [Fact]
    public async Task Room_that_comes_without_an_end_is_used_too()
    {
        await _bench.OpenAsync();
        await PauseAsync(true);
        await _bench.SubmitAsync(TaskOf(), TaskOf());
        var parked = await ParkAsync(TaskOf("late"));

        await PauseAsync(false);

        Assert.IsType<SubmitOutcome.Accepted>(await parked.WaitAsync(Patience));
    }

    [Fact]
    public async Task Those_that_wait_are_taken_in_their_order_also_when_a_smaller_one_would_fit()
    {
        await _bench.OpenAsync();
        await PauseAsync(true);
        var pending = await _bench.SubmitAsync(TaskOf(), TaskOf());
        var large = await ParkAsync(TaskOf(), TaskOf());
        var small = await ParkAsync(TaskOf());

        await StopAsync(pending[0]);
        Assert.False(large.IsCompleted);
        Assert.False(small.IsCompleted);
        // A new one that may wait does not overtake them either.
        var newest = await ParkAsync(TaskOf());
        await StopAsync(pending[1]);
        var first = Assert.IsType<SubmitOutcome.Accepted>(await large.WaitAsync(Patience));
        await StopAsync(first.Tasks[0].Task);
        await small.WaitAsync(Patience);
        Assert.False(newest.IsCompleted);
        await StopAsync(first.Tasks[1].Task);

        await newest.WaitAsync(Patience);
    }

    [Fact]
    public async Task More_than_the_queue_ever_holds_is_refused_and_does_not_wait_for_ever()
    {
        await FillAsync();

        var outcome = await _bench.TrySubmitAsync([TaskOf(), TaskOf(), TaskOf()], waits: true);

        Assert.IsType<Refusal.QueueFull>(Assert.IsType<SubmitOutcome.Refused>(outcome).Refusal);
    }

    [Fact]
    public async Task Tasks_that_end_in_the_moment_they_are_taken_let_the_next_ones_in()
    {
        var running = await FillAsync();
        var deadline = _bench.Time.GetUtcNow() + TimeSpan.FromMinutes(1);
        var parked = new List<Task<SubmitOutcome>>();
        for (var index = 0; index < 2000; index++)
            parked.Add(await ParkAsync(TaskOf(with: spec => spec with { Deadline = deadline }, keep: KeepRule.None)));
        await _bench.AdvanceAsync(TimeSpan.FromMinutes(1));

        await _bench.Runner.SucceedAsync(running);
        var outcomes = await Task.WhenAll(parked).WaitAsync(Patience);

        // Three had room within the quota; the others are told so. Nobody fell over.
        Assert.Equal(3, outcomes.OfType<SubmitOutcome.Accepted>().Count());
        Assert.False(_bench.Engine.ExecuteTask!.IsCompleted);
    }

    [Fact]
    public async Task Who_gives_up_is_answered_at_once_and_makes_room_for_those_behind()
    {
        await _bench.OpenAsync();
        await PauseAsync(true);
        await _bench.SubmitAsync(TaskOf());
        using var gone = new CancellationTokenSource();
        var large = await _bench.Engine.SubmitAsync([TaskOf("x"), TaskOf("y")], false, true, gone.Token);
        var small = await ParkAsync(TaskOf("z"));
        Assert.False(small.IsCompleted);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large.WaitAsync(Patience));
        Assert.IsType<SubmitOutcome.Accepted>(await small.WaitAsync(Patience));
        Assert.Equal(2, (await _bench.AskAsync((ledger, _) => ledger.Live())).Length);
    }

    private async Task<AttemptOrder> FillAsync()
    {
        await _bench.OpenAsync();
        await _bench.SubmitAsync(TaskOf());
        var running = await _bench.Runner.NextStartAsync();
        await _bench.SubmitAsync(TaskOf(), TaskOf());
        return running;
    }

    private async Task<Refusal> RefusedAsync(System.Collections.Immutable.ImmutableArray<NewTask> tasks) =>
        Assert.IsType<SubmitOutcome.Refused>(await _bench.TrySubmitAsync(tasks)).Refusal;

    /// <summary>Submits and returns when the engine has looked at it.</summary>
    private async Task<Task<SubmitOutcome>> ParkAsync(params System.Collections.Immutable.ImmutableArray<NewTask> tasks)
    {
        var answer = await _bench.Engine.SubmitAsync(tasks, false, true, TestContext.Current.CancellationToken);
        await _bench.AskAsync((_, _) => true);
        return answer;
    }

    private Task<bool> PauseAsync(bool paused) =>
        _bench.AskAsync(
            (ledger, now) =>
            {
                ledger.Change(new Input.PauseLane(new LaneName("default"), paused), now);
                return paused;
            }
        );

    private Task<StopOutcome> StopAsync(TaskId task) =>
        _bench.AskAsync((ledger, now) => ledger.Stop(Of(task), StopReason.Stop, false, now));
}
