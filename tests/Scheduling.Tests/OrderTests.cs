using AptTask.TestKit;

namespace AptTask.Scheduling.Tests;

public class OrderTests
{
    [Fact]
    public void Older_tasks_start_first() =>
        new SchedulerDesk()
            .Submit("a", "b", "c")
            .Expect("start a #1")
            .Succeed("a")
            .Expect("a done", "start b #1")
            .Succeed("b")
            .Expect("b done", "start c #1");

    [Fact]
    public void A_higher_priority_goes_before_age()
    {
        var desk = new SchedulerDesk();
        desk.Submit("a", "b").Expect("start a #1");
        desk.Submit(
                desk.Task("low") with
                {
                    Priority = -100,
                },
                desk.Task("high") with
                {
                    Priority = 100,
                },
                desk.Task("higher than most") with
                {
                    Priority = 99,
                }
            )
            .Expect();
        Assert.Equal(["a", "high", "higher than most", "b", "low"], desk.Active());
        desk.Succeed("a").Expect("a done", "start high #1");
    }

    [Fact]
    public void What_others_wait_for_goes_before_priority()
    {
        var desk = new SchedulerDesk();
        desk.Submit("busy").Expect("start busy #1");
        desk.Submit(desk.Task("important") with { Priority = 100 }, desk.Task("plain"), desk.Task("needed")).Expect();
        desk.Submit("later < needed").Expect();
        Assert.Equal(["busy", "needed", "important", "plain", "later"], desk.Active());
    }

    [Fact]
    public void When_nobody_waits_for_it_any_more_a_task_falls_back_into_line()
    {
        var desk = new SchedulerDesk();
        desk.Submit("busy").Expect("start busy #1").Submit("plain", "needed", "later < needed").Expect();
        Assert.Equal(["busy", "needed", "plain", "later"], desk.Active());
        desk.Stop("later").Expect("later stopped stop");
        Assert.Equal(["busy", "plain", "needed"], desk.Active());
        desk.Submit("again < needed:finished").Expect();
        Assert.Equal(["busy", "needed", "plain", "again"], desk.Active());
    }

    [Fact]
    public void A_task_is_waited_for_until_the_last_of_its_dependants_has_ended()
    {
        var desk = new SchedulerDesk(SchedulerDesk.Options(("main", 1), ("side", 1)));
        desk.Submit("busy", "plain", "needed").Expect("start busy #1");
        desk.Submit(
                desk.Task("one", "needed") with
                {
                    Lane = new("side"),
                },
                desk.Task("two", "needed") with
                {
                    Lane = new("side"),
                }
            )
            .Expect();
        desk.Stop("one").Expect("one stopped stop");
        Assert.Equal(["busy", "needed", "plain", "two"], desk.Active());
        Assert.True(desk.Scheduler.IsNeeded(desk.Id("needed")));
        desk.Stop("two").Expect("two stopped stop");
        Assert.Equal(["busy", "plain", "needed"], desk.Active());
        Assert.False(desk.Scheduler.IsNeeded(desk.Id("needed")));
    }

    [Fact]
    public void A_second_name_that_others_wait_for_counts_as_well()
    {
        var desk = new SchedulerDesk();
        desk.Submit("busy").Expect("start busy #1");
        desk.Submit(desk.Task("plain"), desk.Task("first") with { Unique = "key" }, desk.Task("later", "second"))
            .Expect();
        Assert.Equal(["busy", "plain", "first", "later"], desk.Active());
        desk.Submit(desk.Task("second") with { Unique = "key" })
            .Expect("accept second as first", "alias second of first");
        Assert.Equal(["busy", "first", "plain", "later"], desk.Active());
        desk.Stop("later").Expect("later stopped stop");
        Assert.Equal(["busy", "plain", "first"], desk.Active());
    }

    [Fact]
    public void Each_lane_has_a_line_of_its_own()
    {
        var desk = new SchedulerDesk(SchedulerDesk.Options(("main", 1), ("side", 1)));
        desk.Submit("a", "b").Expect("start a #1");
        desk.Submit(desk.Task("c") with { Lane = new("side") }).Expect("start c #1");
    }

    [Fact]
    public void Active_shows_running_then_ready_then_backing_off_then_waiting_and_no_more_than_asked()
    {
        var desk = new SchedulerDesk(width: 2);
        var retry = new RetryPolicy(9, Backoff.Fixed, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(9), 0);
        desk.Submit(
                desk.Task("wait", "ghost"),
                desk.Task("retry2") with
                {
                    Retry = retry with { Delay = TimeSpan.FromSeconds(5) },
                },
                desk.Task("retry1") with
                {
                    Retry = retry with { Delay = TimeSpan.FromSeconds(1) },
                }
            )
            .Expect("start retry2 #1", "start retry1 #1")
            .Fail("retry2")
            .Expect("retry2 backs off #2")
            .Fail("retry1")
            .Expect("retry1 backs off #2")
            .Submit("r1", "r2", "q1", "q2", "w < ghost")
            .Expect("start r1 #1", "start r2 #1");
        Assert.Equal(["r1", "r2", "q1", "q2", "retry1", "retry2", "wait", "w"], desk.Active());
        Assert.Equal(["r1", "r2", "q1"], desk.Active(3));
        Assert.Empty(desk.Scheduler.Active(new GroupName("nobody"), 9));
    }
}
