using AptTask.Host.Engine;
using AptTask.Scheduling;
using static AptTask.Host.Tests.Engine.EngineBench;

namespace AptTask.Host.Tests.Engine;

/// <summary>Watchers are told every event once, in order, and none before it is written.</summary>
public sealed class WatchTests : IAsyncDisposable
{
    private readonly EngineBench _bench = new(width: 100, ledger: new LedgerOptions { EventsPerGroup = 8 });

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_watcher_is_told_each_event_once_and_in_order()
    {
        await _bench.OpenAsync();
        var sink = new RecordingSink();
        await WatchAsync(sink);

        for (var index = 0; index < 5; index++)
            await _bench.SubmitAsync(TaskOf());

        Assert.Equal(Enumerable.Range(1, 10).Select(number => (long)number), Numbers(sink));
    }

    [Fact]
    public async Task A_watcher_that_comes_in_the_same_batch_as_an_event_is_not_told_it_twice()
    {
        await _bench.OpenAsync();
        var (late, early) = (new RecordingSink(), new RecordingSink());
        var gate = _bench.Store.HoldNextCommit();
        await _bench.SubmitAsyncUnanswered(TaskOf());
        await gate.Reached;
        // While the loop writes, a submission and two watchers come: one from the beginning, one from now on.
        await _bench.SubmitAsyncUnanswered(TaskOf());
        var fromTheBeginning = await _bench.Engine.AskAsync((ledger, _) => ledger.Watch(Site, null, 0, early));
        var fromNowOn = await _bench.Engine.AskAsync((ledger, _) => ledger.Watch(Site, null, null, late));
        gate.Open();

        var known = Assert.IsType<WatchOutcome.Watching>(await fromNowOn.WaitAsync(Patience)).Sequence;
        await fromTheBeginning.WaitAsync(Patience);
        await _bench.SubmitAsync(TaskOf());

        Assert.Equal([1, 2, 3, 4, 5, 6], Numbers(early));
        Assert.Equal([known + 1, known + 2], Numbers(late));
    }

    [Fact]
    public async Task An_event_is_told_only_when_it_is_written()
    {
        await _bench.OpenAsync();
        var sink = new RecordingSink();
        var gate = _bench.Store.HoldNextCommit();
        await _bench.SubmitAsyncUnanswered(TaskOf());
        await gate.Reached;
        await _bench.SubmitAsyncUnanswered(TaskOf());
        await _bench.Engine.AskAsync((ledger, _) => ledger.Watch(Site, null, 0, sink));
        _bench.Store.FailNextCommit(new IOException("The disk is full."));
        gate.Open();

        await Assert.ThrowsAsync<IOException>(() => _bench.Engine.ExecuteTask!.WaitAsync(Patience));
        // The first two are written; what the failed batch brought was told to nobody.
        Assert.Equal([1, 2], Numbers(sink));
    }

    [Fact]
    public async Task Who_was_away_goes_on_where_it_stopped()
    {
        await _bench.OpenAsync();
        for (var index = 0; index < 3; index++)
            await _bench.SubmitAsync(TaskOf());
        var sink = new RecordingSink();

        await WatchAsync(sink, after: 4);
        await _bench.SubmitAsync(TaskOf());

        Assert.Equal([5, 6, 7, 8], Numbers(sink));
    }

    [Fact]
    public async Task Events_that_are_gone_are_said_to_be_gone_with_the_oldest_that_is_left()
    {
        await _bench.OpenAsync();
        for (var index = 0; index < 10; index++)
            await _bench.SubmitAsync(TaskOf());
        var sink = new RecordingSink();

        Assert.Equal(13, Assert.IsType<WatchOutcome.EventsGone>(await WatchAsync(sink, after: 11)).OldestSequence);
        Assert.Empty(Numbers(sink));
        Assert.IsType<WatchOutcome.Watching>(await WatchAsync(sink, after: 12));
        Assert.Equal([13, 14, 15, 16, 17, 18, 19, 20], Numbers(sink));
    }

    [Fact]
    public async Task Numbers_go_on_after_a_restart_and_older_events_are_gone()
    {
        await _bench.OpenAsync();
        await _bench.SubmitAsync(TaskOf());
        await _bench.FallDeadAsync();
        await _bench.OpenAsync();
        var sink = new RecordingSink();

        // The new life has had one event: the attempt that was lost.
        Assert.Equal(3, Assert.IsType<WatchOutcome.EventsGone>(await WatchAsync(sink, after: 1)).OldestSequence);
        await WatchAsync(sink, after: 2);

        Assert.Equal([3], Numbers(sink));
    }

    [Fact]
    public async Task Who_watches_one_task_is_told_of_no_other_wherever_it_is()
    {
        await _bench.OpenAsync();
        var other = await _bench.SubmitAsync(TaskOf(with: spec => spec with { Group = new GroupName("other") }));
        await _bench.SubmitAsync(TaskOf(with: spec => spec with { Group = new GroupName("other") }));
        var sink = new RecordingSink();
        // An administrator names a task by number, from a group of its own.
        await _bench.AskAsync((ledger, _) => ledger.Watch(Site, new TaskReference(null, other, null), null, sink));

        await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync());
        await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync());
        await _bench.AskAsync((ledger, _) => ledger.Live());

        Assert.Equal(other, Assert.Single(sink.Take()).Task);
    }

    [Fact]
    public async Task A_watcher_without_room_is_told_no_more_and_disturbs_nobody()
    {
        await _bench.OpenAsync();
        var (full, other) = (new RecordingSink(room: 1), new RecordingSink());
        await WatchAsync(full);
        await WatchAsync(other);

        await _bench.SubmitAsync(TaskOf());
        await _bench.SubmitAsync(TaskOf());

        Assert.Equal([1], Numbers(full));
        Assert.Equal([1, 2, 3, 4], Numbers(other));
    }

    [Fact]
    public async Task A_subscription_ends_once()
    {
        await _bench.OpenAsync();
        var sink = new RecordingSink();
        var subscription = Assert.IsType<WatchOutcome.Watching>(await WatchAsync(sink)).Subscription;

        Assert.True(await _bench.AskAsync((ledger, _) => ledger.Unwatch(subscription)));
        Assert.False(await _bench.AskAsync((ledger, _) => ledger.Unwatch(subscription)));
        await _bench.SubmitAsync(TaskOf());

        Assert.Empty(Numbers(sink));
    }

    private Task<WatchOutcome> WatchAsync(RecordingSink sink, long? after = null) =>
        _bench.AskAsync((ledger, _) => ledger.Watch(Site, null, after, sink));

    private static IEnumerable<long> Numbers(RecordingSink sink) => sink.Take().Select(happened => happened.Sequence);
}
