using AptTask.TestKit;

namespace AptTask.Scheduling.Tests;

public class MemoryTests
{
    private static readonly SchedulerOptions OneMinute = SchedulerDesk.Options(("main", 1)) with
    {
        Remember = TimeSpan.FromMinutes(1),
    };

    [Fact]
    public void A_released_job_decides_by_its_memory_until_that_fades()
    {
        var desk = new SchedulerDesk(OneMinute) { Verbose = true };
        desk.Submit("a", "busy").Ignore().Fail("a").Ignore();
        desk.Release("a").Expect("remove a", "remember a failed", "wake +60");
        Assert.Null(desk["a"]);
        desk.Submit("b < a", "c < a:failed").Expect("accept b", "accept c", "b waits 0", "b skipped a", "c ready");
        desk.SubmitStrict("d < a:finished").Ignore();
        desk.Stop("c").Ignore().Stop("d").Ignore();
        desk.TickAfter(60).Expect("forget a", "wake never");
        desk.SubmitStrict("e < a").Expect("refuse unknown a");
        desk.Submit("e < a").Expect("accept e", "e waits 1");
    }

    [Fact]
    public void A_memory_does_not_fade_while_an_unfinished_task_lists_the_job()
    {
        var desk = new SchedulerDesk(OneMinute);
        desk.Submit("a").Ignore().Succeed("a").Ignore().Release("a").Ignore();
        desk.Submit("b < a ghost").Expect().TickAfter(100).Expect();
        desk.Restart([new JobRecord(SchedulerDesk.Home, new("a"), desk.Id("a"), TaskOutcome.Done, desk.Now)])
            .Expect()
            .Submit("ghost")
            .Expect("start ghost #1")
            .Succeed("ghost")
            .Expect("ghost done", "start b #1")
            .Stop("b")
            .Ignore()
            .End("b", AttemptOutcome.Stopped.Instance)
            .Expect("b stopped stop", "forget a");
        desk.Stop("b").Expect("b stopped stop", "forget a");
    }

    [Fact]
    public void A_memory_that_is_still_young_outlives_its_last_dependant()
    {
        var desk = new SchedulerDesk(OneMinute);
        desk.Submit("a").Ignore().Succeed("a").Ignore().Release("a").Ignore();
        desk.Submit("b < a ghost").Expect().Stop("b").Expect("b stopped stop");
        desk.TickAfter(59).Expect().TickAfter(1).Expect("forget a");
    }

    [Fact]
    public void The_newest_use_of_a_name_is_the_one_that_counts()
    {
        var desk = new SchedulerDesk(OneMinute);
        desk.Submit("a").Ignore().Fail("a").Ignore().Release("a").Ignore();
        desk.Submit("a").Expect("forget a", "start a #1").Submit("b < a").Expect();
        desk.TickAfter(100).Expect().Succeed("a").Expect("a done", "start b #1");
    }

    [Fact]
    public void Nothing_is_remembered_for_longer_than_no_time()
    {
        var desk = new SchedulerDesk(OneMinute with { Remember = TimeSpan.Zero });
        desk.Submit("a").Ignore().Succeed("a").Ignore().Release("a").Expect("remove a", "remember a done", "forget a");
        Assert.Empty(desk.Scheduler.Groups());
    }

    [Fact]
    public void A_task_that_is_not_final_is_not_released()
    {
        var desk = new SchedulerDesk();
        desk.Submit("a").Expect("start a #1").Release("a").Expect().Succeed("a").Expect("a done");
        desk.Release("a").Expect("remove a", "remember a done").Release("a").Expect();
        Assert.False(desk.Scheduler.IsNeeded(desk.Id("a")));
        Assert.Equal(0, desk.Scheduler.LostAttemptsOf(desk.Id("a")));
        Assert.Null(desk.Scheduler.SpecOf(desk.Id("a")));
        Assert.Empty(desk.Scheduler.Explain(desk.Id("a"), desk.Now));
    }

    [Fact]
    public void Jobs_released_in_the_same_instant_are_all_remembered()
    {
        var desk = new SchedulerDesk(OneMinute);
        desk.Submit(desk.Task("a") with { Unique = "k" }).Ignore();
        desk.Submit(desk.Task("z") with { Unique = "k" }).Ignore();
        desk.Succeed("a").Ignore().Release("a").Expect("remove a", "remember a done", "remember z done");
        desk.TickAfter(60).Expect("forget a", "forget z");
    }
}
