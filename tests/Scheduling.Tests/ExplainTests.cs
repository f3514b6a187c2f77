using AptTask.TestKit;

namespace AptTask.Scheduling.Tests;

public class ExplainTests
{
    [Fact]
    public void A_running_or_final_task_has_no_obstacle()
    {
        var desk = new SchedulerDesk();
        desk.Submit("a").Expect("start a #1");
        Assert.Equal("", desk.Explain("a"));
        desk.Succeed("a").Expect("a done");
        Assert.Equal("", desk.Explain("a"));
    }

    [Fact]
    public void A_waiting_task_says_what_is_open()
    {
        var desk = new SchedulerDesk();
        desk.Submit("a", "b").Expect("start a #1");
        desk.Submit(desk.Task("c", "a", "b:finished", "ghost:failed") with { NotBefore = desk.Now.AddSeconds(9) })
            .Expect();
        Assert.Equal(
            "done a running; finished b ready; failed ghost never submitted; not due for 9",
            desk.Explain("c")
        );
        desk.Succeed("a").Expect("a done", "start b #1");
        Assert.Equal("finished b running; failed ghost never submitted; not due for 9", desk.Explain("c"));
    }

    [Fact]
    public void Pauses_are_named_before_places()
    {
        var desk = new SchedulerDesk();
        desk.Submit("a", "b", "c", "w < ghost").Expect("start a #1");
        desk.Send(new Input.Drain(true)).Expect();
        desk.Send(new Input.PauseLane(SchedulerDesk.Main, true)).Expect();
        desk.Send(new Input.PauseGroup(SchedulerDesk.Home, true)).Expect();
        const string Pauses = "draining; lane paused; group paused";
        Assert.Equal($"{Pauses}; main has 0 of 1 for 1, a and 0 others; behind 1", desk.Explain("c"));
        Assert.Equal($"done ghost never submitted; {Pauses}", desk.Explain("w"));
    }

    [Fact]
    public void The_tasks_of_other_groups_are_counted_and_not_named()
    {
        var desk = new SchedulerDesk(width: 2);
        desk.In("guest").Submit("g").Expect("start g #1");
        desk.In("home").Submit("a", "b").Expect("start a #1");
        Assert.Equal("main has 0 of 2 for 1, a and 1 others", desk.Explain("b"));
    }

    [Fact]
    public void Groups_are_listed_by_name_with_their_counts()
    {
        var desk = new SchedulerDesk(width: 1);
        desk.In("zeta").Submit("z").Ignore();
        desk.In("alpha");
        desk.Submit(
                desk.Task("done"),
                desk.Task("wait", "ghost"),
                desk.Task("again") with
                {
                    Retry = new RetryPolicy(2, Backoff.Fixed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 0),
                    Priority = 1,
                },
                desk.Task("ready")
            )
            .Ignore();
        desk.In("zeta").Succeed("z").Ignore();
        desk.In("alpha").Fail("again").Ignore().Succeed("done").Ignore().Submit("more").Ignore();
        Assert.Equal(
            [
                new GroupView(new("alpha"), Waiting: 1, Ready: 1, Running: 1, BackingOff: 1, Kept: 1, Paused: false),
                new GroupView(new("zeta"), 0, 0, 0, 0, Kept: 1, Paused: false),
            ],
            desk.Scheduler.Groups()
        );
    }
}
