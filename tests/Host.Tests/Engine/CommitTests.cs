using AptTask.Host.Engine;
using AptTask.Scheduling;
using static AptTask.Host.Tests.Engine.EngineBench;

namespace AptTask.Host.Tests.Engine;

/// <summary>Nothing is done or said before it is written, and many wishes are written at once.</summary>
public sealed class CommitTests : IAsyncDisposable
{
    private readonly EngineBench _bench = new(width: 2);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_task_is_answered_and_started_only_when_it_is_written()
    {
        await _bench.OpenAsync();
        var gate = _bench.Store.HoldNextCommit();

        var answer = await _bench.Engine.SubmitAsync([TaskOf("a")], false, false, CancellationToken.None);
        await gate.Reached;
        Assert.False(answer.IsCompleted);
        Assert.Equal(0, _bench.Runner.Starts);

        gate.Open();
        await answer.WaitAsync(Patience);
        await _bench.Runner.NextStartAsync();
    }

    [Fact]
    public async Task A_look_at_what_is_not_written_yet_waits_for_the_writing()
    {
        await _bench.OpenAsync();
        var gate = _bench.Store.HoldNextCommit();
        var submitted = await _bench.Engine.SubmitAsync([TaskOf("a")], false, false, CancellationToken.None);
        await gate.Reached;

        var look = await _bench.Engine.AskAsync((ledger, _) => ledger.Live().Length);
        Assert.False(look.IsCompleted);

        gate.Open();
        await submitted.WaitAsync(Patience);
        Assert.Equal(1, await look.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_thousand_tasks_that_come_together_are_one_commit()
    {
        await _bench.OpenAsync();
        var gate = _bench.Store.HoldNextCommit();
        var first = await _bench.Engine.SubmitAsync([TaskOf()], false, false, CancellationToken.None);
        await gate.Reached;
        var answers = new List<Task<SubmitOutcome>>();
        for (var index = 0; index < 1000; index++)
            answers.Add(await _bench.Engine.SubmitAsync([TaskOf()], false, false, CancellationToken.None));

        gate.Open();
        await Task.WhenAll(answers).WaitAsync(Patience);

        await first;
        Assert.Equal(2, _bench.Store.Commits);
    }

    [Fact]
    public async Task What_only_looks_is_not_written()
    {
        await _bench.OpenAsync();
        await _bench.SubmitAsync(TaskOf("a"));
        var before = _bench.Store.Commits;

        for (var index = 0; index < 10; index++)
            await _bench.AskAsync((ledger, _) => ledger.Groups());

        Assert.Equal(before, _bench.Store.Commits);
    }

    [Fact]
    public async Task What_cannot_be_written_is_neither_answered_nor_started_and_the_engine_stops()
    {
        await _bench.OpenAsync();
        _bench.Store.FailNextCommit(new IOException("The disk is full."));

        var answer = await _bench.Engine.SubmitAsync([TaskOf("a")], false, false, CancellationToken.None);

        await Assert.ThrowsAsync<EngineStoppedException>(() => answer.WaitAsync(Patience));
        Assert.Equal(0, _bench.Runner.Starts);
        await Assert.ThrowsAsync<IOException>(() => _bench.Engine.ExecuteTask!.WaitAsync(Patience));
        await Assert.ThrowsAsync<EngineStoppedException>(async () =>
            await _bench.Engine.AskAsync((ledger, _) => ledger.Live())
        );
    }

    [Fact]
    public async Task Nobody_is_left_waiting_when_the_engine_stops()
    {
        _bench.Change(options =>
            options with
            {
                Scheduling = options.Scheduling with { Groups = [new GroupLimits("*") { Pending = 1 }] },
            }
        );
        await _bench.OpenAsync();
        await _bench.SubmitAsync(TaskOf("a"));
        await _bench.SubmitAsync(TaskOf("b"));
        var pending = await _bench.SubmitAsync(TaskOf("c"));
        var waits = await _bench.Engine.WaitAsync([Of(pending)], false, null, CancellationToken.None);
        var parked = await _bench.Engine.SubmitAsync([TaskOf("d")], false, true, CancellationToken.None);
        await _bench.AskAsync((ledger, _) => ledger.Live());

        _bench.Runner.Obeys = true;
        await _bench.ShutDownAsync();

        await Assert.ThrowsAsync<EngineStoppedException>(() => waits.WaitAsync(Patience));
        await Assert.ThrowsAsync<EngineStoppedException>(() => parked.WaitAsync(Patience));
    }
}
