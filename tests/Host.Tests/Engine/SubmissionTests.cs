using AptTask.Host.Engine;
using AptTask.Scheduling;
using static AptTask.Host.Tests.Engine.EngineBench;

namespace AptTask.Host.Tests.Engine;

/// <summary>What is the same task, and what a refused submission leaves behind.</summary>
public sealed class SubmissionTests : IAsyncDisposable
{
    private readonly EngineBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_start_again_is_answered_by_the_first_task(bool afterRestart)
    {
        await _bench.OpenAsync();
        var first = await _bench.SubmitAsync(TaskOf("a"));
        if (afterRestart)
            await RestartAsync();

        var again = await AcceptedAsync(TaskOf("a"));

        Assert.Equal((first, true), (again.Task, again.Deduplicated));
        Assert.Equal(1, (await _bench.AskAsync((ledger, _) => ledger.Kept().Length + ledger.Live().Length)));
    }

    [Fact]
    public async Task Other_content_under_a_taken_job_id_is_refused_until_the_first_is_acknowledged()
    {
        await _bench.OpenAsync();
        var first = await _bench.SubmitAsync(TaskOf("a"));
        var other = TaskOf("a", with: spec => spec with { Fingerprint = 99 });

        var refused = Assert.IsType<SubmitOutcome.Refused>(await _bench.TrySubmitAsync([other]));
        Assert.Equal(first, Assert.IsType<Refusal.JobTaken>(refused.Refusal).Task);
        await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync());
        await _bench.WhenFinalAsync(first);
        await _bench.AckAsync(first);

        Assert.False((await AcceptedAsync(other)).Deduplicated);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_unique_key_is_answered_by_its_live_task_and_the_other_job_id_becomes_its_alias(
        bool afterRestart
    )
    {
        await _bench.OpenAsync();
        var first = await _bench.SubmitAsync(Unique("a"));

        var second = await AcceptedAsync(Unique("b"));
        Assert.Equal((first, true), (second.Task, second.Deduplicated));
        if (afterRestart)
            await RestartAsync();

        var named = await _bench.AskAsync((ledger, _) => ledger.Status(new TaskReference(Site, null, new JobId("b"))));
        Assert.Equal(first, named.Spec.Id);
    }

    [Fact]
    public async Task A_unique_key_is_free_again_when_its_task_has_ended()
    {
        await _bench.OpenAsync();
        var first = await _bench.SubmitAsync(Unique("a"));
        await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync());
        await _bench.WhenFinalAsync(first);

        Assert.False((await AcceptedAsync(Unique("b"))).Deduplicated);
    }

    [Fact]
    public async Task A_submission_with_one_bad_task_leaves_nothing()
    {
        await _bench.OpenAsync();

        var refused = await _bench.TrySubmitAsync([
            TaskOf("a", with: spec => spec with { WaitFor = [On("b")] }),
            TaskOf("b", with: spec => spec with { WaitFor = [On("a")] }),
        ]);

        Assert.IsType<Refusal.Cycle>(Assert.IsType<SubmitOutcome.Refused>(refused).Refusal);
        Assert.Empty(await _bench.AskAsync((ledger, _) => ledger.Live()));
        Assert.Equal(0, _bench.Store.Commits);
        Assert.Equal(1, (await _bench.AskAsync((ledger, _) => ledger.Stats())).Counts.Refused);
        Assert.Equal(new TaskId(1), await _bench.SubmitAsync(TaskOf("a")));
    }

    [Fact]
    public async Task Groups_know_nothing_of_one_anothers_jobs()
    {
        await _bench.OpenAsync();
        var mine = await _bench.SubmitAsync(TaskOf("a"));

        var theirs = await AcceptedAsync(TaskOf("a", with: spec => spec with { Group = new GroupName("other") }));

        Assert.NotEqual(mine, theirs.Task);
        Assert.False(theirs.Deduplicated);
    }

    [Fact]
    public async Task A_start_that_names_a_result_which_goes_in_that_moment_is_answered_all_the_same()
    {
        await _bench.OpenAsync();
        var kept = await _bench.SubmitAsync(TaskOf("a"));
        await _bench.Runner.SucceedAsync(await _bench.Runner.NextStartAsync());
        await _bench.WhenFinalAsync(kept);
        // It stays for one dependant only, whose deadline passes before anybody looks at the clock.
        var deadline = _bench.Time.GetUtcNow() + TimeSpan.FromMinutes(1);
        await _bench.SubmitAsync(
            TaskOf("b", with: spec => spec with { WaitFor = [On("a"), On("never")], Deadline = deadline })
        );
        await _bench.AckAsync(kept);
        var gate = _bench.Store.HoldNextCommit();
        await _bench.SubmitAsyncUnanswered(TaskOf("c"));
        await gate.Reached;
        var again = await _bench.Engine.SubmitAsync([TaskOf("a")], false, false, CancellationToken.None);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        gate.Open();

        var answer = Assert.IsType<SubmitOutcome.Accepted>(await again.WaitAsync(Patience)).Tasks[0];

        Assert.Equal((kept, true), (answer.Task, answer.Deduplicated));
        Assert.True(await _bench.IsGoneAsync(kept));
    }

    [Fact]
    public async Task A_page_shows_each_task_once_while_others_come_and_go()
    {
        await _bench.OpenAsync();
        var tasks = await _bench.SubmitAsync([.. Enumerable.Range(0, 50).Select(_ => TaskOf())]);
        var seen = new List<TaskId>();
        long? cursor = 0;
        while (cursor is { } after)
        {
            var page = await _bench.AskAsync(
                (ledger, _) =>
                    ledger.Page(
                        new TaskFilter
                        {
                            Group = Site,
                            After = after,
                            Limit = 7,
                        }
                    )
            );
            seen.AddRange(page.Tasks.Select(task => task.Spec.Id));
            cursor = page.Next;
            // The one in the middle of what was shown goes, and a new one comes.
            await _bench.AskAsync(
                (ledger, now) => ledger.Stop(Of(page.Tasks[page.Tasks.Length / 2].Spec.Id), StopReason.Stop, true, now)
            );
            await _bench.AskAsync((ledger, now) => ledger.Forget(Site, now + TimeSpan.FromSeconds(1), now));
            if (seen.Count < 40)
                await _bench.SubmitAsync(TaskOf());
        }

        Assert.Equal(seen.Distinct().OrderBy(task => task.Value), seen);
        Assert.Equal(tasks.Length, seen.Intersect(tasks).Count());
    }

    private static NewTask Unique(string job) => TaskOf(job, with: spec => spec with { Unique = "nightly-import" });

    private async Task<AcceptedTask> AcceptedAsync(NewTask task) =>
        Assert.IsType<SubmitOutcome.Accepted>(await _bench.TrySubmitAsync([task])).Tasks[0];

    private async Task RestartAsync()
    {
        await _bench.FallDeadAsync();
        await _bench.OpenAsync();
    }
}
