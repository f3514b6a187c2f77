using AptTask.TestKit;

namespace AptTask.Scheduling.Tests;

public class TimeTests
{
    private static readonly RetryPolicy Twice = new(
        2,
        Backoff.Fixed,
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(5),
        0
    );

    [Fact]
    public void A_task_does_not_start_before_its_time()
    {
        var desk = new SchedulerDesk { Verbose = true };
        desk.Submit(desk.Task("a") with { NotBefore = At(10) })
            .Expect("accept a", "a waits 0", "wake +10")
            .TickAfter(9)
            .Expect()
            .TickAfter(1)
            .Expect("a ready", "a running", "start a #1", "wake never");
        desk.Submit(desk.Task("b") with { NotBefore = At(10) }).Expect("accept b", "b ready");
    }

    [Fact]
    public void A_task_that_is_due_still_waits_for_its_dependencies_and_the_other_way_round()
    {
        var desk = new SchedulerDesk(width: 2);
        desk.Submit(
                desk.Task("a"),
                desk.Task("b", "a") with
                {
                    NotBefore = At(10),
                },
                desk.Task("c", "a") with
                {
                    NotBefore = At(30),
                }
            )
            .Expect("start a #1")
            .TickAfter(20)
            .Expect()
            .Succeed("a")
            .Expect("a done", "start b #1");
        Assert.Equal("not due for 10", desk.Explain("c"));
        desk.TickAfter(10).Expect("start c #1");
    }

    [Fact]
    public void An_attempt_that_takes_too_long_is_stopped_and_has_failed()
    {
        var desk = new SchedulerDesk { Verbose = true };
        desk.Submit(desk.Task("a") with { Timeout = TimeSpan.FromSeconds(10) })
            .Expect("accept a", "a ready", "a running", "start a #1", "wake +10")
            .TickAfter(10)
            .Expect("a stopping timeout", "stop a", "wake never")
            .End("a", AttemptOutcome.Stopped.Instance)
            .Expect("a failed timeout");
    }

    [Fact]
    public void Each_attempt_has_its_own_time()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Timeout = TimeSpan.FromSeconds(10), Retry = Twice })
            .Expect("start a #1")
            .TickAfter(10)
            .Expect("a stopping timeout", "stop a")
            .End("a", AttemptOutcome.Stopped.Instance)
            .Expect("a backs off #2")
            .TickAfter(5)
            .Expect("start a #2")
            .TickAfter(9)
            .Expect()
            .TickAfter(1)
            .Expect("a stopping timeout", "stop a")
            .Fail("a")
            .Expect("a failed timeout");
    }

    [Fact]
    public void What_the_routine_says_of_retries_holds_for_a_time_out_too()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Timeout = TimeSpan.FromSeconds(1), Retry = Twice })
            .Expect("start a #1")
            .TickAfter(1)
            .Expect("a stopping timeout", "stop a")
            .Fail("a", retryable: false)
            .Expect("a failed timeout");
    }

    [Fact]
    public void An_attempt_that_succeeds_although_its_time_is_up_has_succeeded()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Timeout = TimeSpan.FromSeconds(1) }).Expect("start a #1");
        desk.Now = At(1);
        desk.Succeed("a").Expect("a done");
        desk.Submit(desk.Task("b") with { Timeout = TimeSpan.FromSeconds(1) }).Expect("start b #1");
        desk.TickAfter(1).Expect("b stopping timeout", "stop b").Succeed("b").Expect("b done");
    }

    [Fact]
    public void A_stop_that_comes_after_the_time_out_is_the_end()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Timeout = TimeSpan.FromSeconds(1), Retry = Twice })
            .Expect("start a #1")
            .TickAfter(1)
            .Expect("a stopping timeout", "stop a")
            .Stop("a")
            .Expect("a stopping stop")
            .Stop("a", force: true)
            .Expect("kill a")
            .End("a", AttemptOutcome.Stopped.Instance)
            .Expect("a stopped stop");
    }

    [Fact]
    public void A_time_out_that_comes_after_a_stop_changes_nothing()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Timeout = TimeSpan.FromSeconds(1) })
            .Expect("start a #1")
            .Stop("a")
            .Expect("a stopping stop", "stop a")
            .TickAfter(5)
            .Expect()
            .End("a", AttemptOutcome.Stopped.Instance)
            .Expect("a stopped stop");
    }

    [Fact]
    public void A_deadline_ends_what_has_not_started()
    {
        var desk = new SchedulerDesk(width: 2);
        desk.Submit("busy").Expect("start busy #1");
        desk.Submit(
                desk.Task("retrying") with
                {
                    Deadline = At(5),
                    Retry = Twice with { Delay = TimeSpan.FromSeconds(9), MaxDelay = TimeSpan.FromSeconds(9) },
                }
            )
            .Expect("start retrying #1")
            .Fail("retrying")
            .Expect("retrying backs off #2")
            .Send(new Input.PauseLane(SchedulerDesk.Main, true))
            .Expect();
        desk.Submit(
                desk.Task("ready") with
                {
                    Deadline = At(5),
                },
                desk.Task("waiting", "ghost") with
                {
                    Deadline = At(5),
                },
                desk.Task("behind", "ready")
            )
            .Expect()
            .TickAfter(5)
            .Expect("retrying skipped, late", "ready skipped, late", "behind skipped ready", "waiting skipped, late");
        desk.TickAfter(99).Expect();
    }

    [Fact]
    public void A_deadline_stops_what_runs()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Deadline = At(5), Retry = Twice })
            .Expect("start a #1")
            .TickAfter(5)
            .Expect("a stopping deadline", "stop a")
            .Fail("a")
            .Expect("a stopped deadline");
    }

    [Fact]
    public void A_deadline_that_passes_while_a_time_out_is_under_way_leaves_no_retry()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Deadline = At(5), Timeout = TimeSpan.FromSeconds(4), Retry = Twice })
            .Expect("start a #1")
            .TickAfter(4)
            .Expect("a stopping timeout", "stop a")
            .TickAfter(1)
            .Expect("a stopping deadline")
            .End("a", AttemptOutcome.Stopped.Instance)
            .Expect("a stopped deadline");
    }

    [Fact]
    public void A_task_that_comes_too_late_never_starts()
    {
        var desk = new SchedulerDesk { Now = At(10), Verbose = true };
        desk.Submit(desk.Task("a") with { Deadline = At(10) }).Expect("accept a", "a ready", "a skipped, late");
    }

    [Fact]
    public void A_deadline_goes_before_all_else_that_is_due_at_the_same_instant()
    {
        var desk = new SchedulerDesk { Verbose = true };
        desk.Submit(desk.Task("a") with { NotBefore = At(5), Deadline = At(5) })
            .Expect("accept a", "a waits 0", "wake +5")
            .TickAfter(5)
            .Expect("a skipped, late", "wake never");
    }

    [Fact]
    public void The_wish_to_be_woken_changes_only_with_the_earliest_appointment()
    {
        var desk = new SchedulerDesk(width: 3) { Verbose = true };
        desk.Submit(desk.Task("a") with { NotBefore = At(10) }).Expect("accept a", "a waits 0", "wake +10");
        desk.Submit(desk.Task("b") with { NotBefore = At(20) }).Expect("accept b", "b waits 0");
        desk.Submit(desk.Task("c") with { NotBefore = At(5) }).Expect("accept c", "c waits 0", "wake +5");
        desk.Stop("c").Expect("c stopped stop", "wake +10").Stop("b").Expect("b stopped stop");
        desk.Stop("a").Expect("a stopped stop", "wake never");
    }

    [Fact]
    public void A_time_out_without_end_never_comes()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Timeout = TimeSpan.MaxValue }).Expect("start a #1").TickAfter(1e9).Expect();
    }

    private static DateTimeOffset At(double seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);
}
