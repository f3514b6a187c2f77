using AptTask.TestKit;

namespace AptTask.Scheduling.Tests;

public class SubmissionTests
{
    [Fact]
    public void Many_tasks_are_taken_in_any_order()
    {
        var desk = new SchedulerDesk { Verbose = true };
        desk.Submit("c < a b", "b < a", "a")
            .Expect("accept c", "accept b", "accept a", "c waits 2", "b waits 1", "a ready", "a running", "start a #1");
    }

    [Fact]
    public void A_refused_submission_changes_nothing()
    {
        var desk = new SchedulerDesk();
        desk.Submit("a", "b < b").Expect("refuse cycle b b");
        Assert.Empty(desk.Scheduler.Groups());
        Assert.Null(desk.Scheduler.TaskOf(SchedulerDesk.Home, new JobId("a")));
        desk.Send(new Input.Submit([])).Expect();
    }

    [Theory]
    [InlineData("b a b", "a < b", "b < a")]
    [InlineData("a a", "a < a")]
    [InlineData("c a b c", "x < a", "a < b", "b < c", "c < a y", "y")]
    [InlineData("", "d < b c", "b < a", "c < a", "a")]
    [InlineData("", "a < z", "b < z a", "c < z a b")]
    public void A_cycle_is_refused_by_name(string cycle, params string[] lines)
    {
        var desk = new SchedulerDesk();
        desk.Submit(lines);
        if (cycle.Length == 0)
            Assert.DoesNotContain(desk.Unread, effect => effect is Effect.Refuse);
        else
            Assert.Equal(Rotations(cycle), Rotations(string.Join(' ', CycleOf(desk))));
    }

    [Fact]
    public void A_cycle_through_jobs_that_wait_already_is_refused()
    {
        var desk = new SchedulerDesk();
        desk.Submit("busy").Expect("start busy #1").Submit("b < a", "c < b busy").Expect();
        desk.Submit("x", "a < c").Expect("refuse cycle a c b a");
        desk.Submit("a < d").Expect().Submit("d < c").Expect("refuse cycle d c b a d");
        desk.Submit("d < busy").Expect().Succeed("busy").Expect("busy done", "start d #1");
    }

    [Fact]
    public void What_is_decided_closes_no_cycle()
    {
        var desk = new SchedulerDesk();
        desk.Submit("a").Expect("start a #1").Succeed("a").Expect("a done");
        desk.Submit("b < a ghost").Expect().Release("a").Expect("remove a", "remember a done");
        // The name is free again. What b waited for under it has come about.
        desk.Submit("a < b").Expect("forget a");
        Assert.Equal("done ghost never submitted", desk.Explain("b"));
        desk.Submit("ghost < a").Expect("refuse cycle ghost a b ghost");
    }

    [Fact]
    public void A_second_name_can_close_a_cycle_too()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a", "c") with { Unique = "key" }).Expect().Submit("c < b").Expect();
        desk.Submit(desk.Task("b") with { Unique = "key" }).Expect("refuse cycle b c b");
    }

    [Fact]
    public void The_same_job_with_the_same_content_is_answered_by_the_first()
    {
        var desk = new SchedulerDesk();
        desk.Submit("a", "b < a").Expect("start a #1");
        desk.Submit("a", "b < a", "c").Expect("accept a as a", "accept b as b");
        desk.Succeed("a").Expect("a done", "start b #1").Submit("a").Expect("accept a as a");
        Assert.Equal(["b", "c"], desk.Active());
    }

    [Fact]
    public void The_same_job_with_other_content_is_refused_while_its_task_or_result_is_here()
    {
        var desk = new SchedulerDesk();
        desk.Submit("a").Expect("start a #1");
        desk.Submit(Other()).Expect("refuse taken a by a");
        desk.Succeed("a").Expect("a done").Submit(Other()).Expect("refuse taken a by a");
        desk.Release("a").Expect("remove a", "remember a done").Submit(Other()).Expect("forget a", "start a #1");

        TaskSpec Other() => desk.Task("a") with { Fingerprint = 99 };
    }

    [Fact]
    public void A_job_stands_once_in_a_submission()
    {
        var desk = new SchedulerDesk();
        desk.Submit("a", "b", "a").Expect("refuse taken a by a");
        desk.Submit("a").Ignore().Submit("a", "a").Expect("refuse taken a by a");
    }

    [Fact]
    public void A_live_task_with_the_same_key_answers_and_takes_on_the_second_name()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Unique = "key" }).Expect("start a #1");
        desk.Submit(desk.Task("b") with { Unique = "key", Fingerprint = 7 }, desk.Task("c", "b"))
            .Expect("accept b as a", "alias b of a");
        Assert.Equal(desk.Id("a"), desk.Scheduler.TaskOf(SchedulerDesk.Home, new JobId("b")));
        Assert.True(desk.Scheduler.IsNeeded(desk.Id("a")));
        desk.Succeed("a").Expect("a done", "start c #1");
        // The answer was lost: it comes again, although the key is free by now.
        desk.Submit(desk.Task("b") with { Unique = "key", Fingerprint = 7 }).Expect("accept b as a");
        desk.Submit(desk.Task("b") with { Fingerprint = 7 }).Expect("refuse taken b by a");
        desk.Release("a").Expect("remove a", "remember a done", "remember b done");
    }

    [Fact]
    public void A_key_is_free_when_its_task_has_ended()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Unique = "key" }).Expect("start a #1").Fail("a").Expect("a failed exitcode");
        desk.Submit(desk.Task("b") with { Unique = "key" }).Expect("start b #1");
    }

    [Fact]
    public void A_key_counts_within_one_submission_and_without_a_job_id()
    {
        var desk = new SchedulerDesk();
        desk.Submit(
                desk.Task("a") with
                {
                    Unique = "key",
                },
                desk.Task("b") with
                {
                    Unique = "key",
                },
                desk.Task("c") with
                {
                    Unique = "key",
                    Job = null,
                }
            )
            .Expect("accept b as a", "accept c as a", "alias b of a", "start a #1");
    }

    [Fact]
    public void A_job_that_another_task_has_does_not_become_a_second_name()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Unique = "key" }, desk.Task("b")).Expect("start a #1");
        desk.Submit(desk.Task("b") with { Unique = "key", Fingerprint = 7 }).Expect("refuse taken b by b");
        desk.Submit(desk.Task("b") with { Unique = "key" }).Expect("accept b as b");
    }

    [Fact]
    public void Groups_have_names_and_keys_of_their_own()
    {
        var desk = new SchedulerDesk(width: 9);
        desk.In("a").Submit(desk.Task("x") with { Unique = "key" }).Expect("start x #1");
        desk.In("b")
            .Submit(desk.Task("x") with { Unique = "key", Fingerprint = 7 }, desk.Task("y", "x"))
            .Expect("start x #1");
        desk.In("a").Submit("z < y").Expect().Succeed("x").Expect("x done");
        desk.In("b").Succeed("x").Expect("x done", "start y #1").Succeed("y").Expect("y done");
        desk.In("a");
        Assert.Equal("done y never submitted", desk.Explain("z"));
        Assert.Null(desk.Scheduler.TaskOf(new GroupName("a"), new JobId("y")));
    }

    [Fact]
    public void Tasks_without_a_job_id_are_never_the_same()
    {
        var desk = new SchedulerDesk(width: 2);
        desk.Submit(desk.Task("a") with { Job = null }, desk.Task("b") with { Job = null })
            .Expect("start a #1", "start b #1");
        desk.Succeed("a").Expect("a done").Release("a").Expect("remove a");
    }

    [Fact]
    public void The_owner_of_the_scheduler_keeps_its_contract()
    {
        var desk = new SchedulerDesk();
        var (a, b) = (desk.Task("a"), desk.Task("b"));
        Assert.Throws<ArgumentException>(() => desk.Submit(b, a));
        Assert.Throws<ArgumentException>(() => desk.Submit(a, b with { Group = new("other") }));
        Assert.Throws<ArgumentException>(() => desk.Submit(a with { WaitFor = default }));
        Assert.Throws<ArgumentOutOfRangeException>(() => a with { Weight = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => a with { Weight = 70_000 });
        Assert.Throws<ArgumentOutOfRangeException>(() => a with { Priority = 101 });
        Assert.Throws<ArgumentOutOfRangeException>(() => a with { Priority = -101 });
        Assert.Throws<ArgumentNullException>(() => desk.Scheduler.Apply(null!, desk.Now));
        Assert.Throws<ArgumentNullException>(() => new Scheduler(null!, default));
        desk.Submit(a).Expect("start a #1");
        Assert.Throws<ArgumentException>(() => desk.Submit(a with { Job = null }));
        Assert.Throws<InvalidOperationException>(() => desk.Send(new Input.Restore([], [])));
    }

    [Fact]
    public void A_long_chain_of_forward_references_is_searched_without_a_deep_stack()
    {
        const int Length = 20_000;
        var desk = new SchedulerDesk();
        desk.Submit([.. Enumerable.Range(1, Length).Select(i => $"j{i} < j{i + 1}")]).Expect();
        desk.Submit($"j{Length + 1} < j1");
        var cycle = CycleOf(desk);
        Assert.Equal(Length + 2, cycle.Length);
        Assert.Equal(cycle[0], cycle[^1]);
    }

    private static JobId[] CycleOf(SchedulerDesk desk)
    {
        var refuse = Assert.IsType<Effect.Refuse>(Assert.Single(desk.Unread));
        return [.. Assert.IsType<Refusal.Cycle>(refuse.Refusal).Jobs];
    }

    /// <summary>Where a cycle is cut open does not matter.</summary>
    private static HashSet<string> Rotations(string cycle)
    {
        var jobs = cycle.Split(' ')[1..];
        return [.. jobs.Select((_, i) => string.Join(' ', jobs[i..].Concat(jobs[..i])))];
    }
}
