using AptTask.TestKit;

namespace AptTask.Scheduling.Tests;

public class StopTests
{
    [Fact]
    public void A_task_that_has_not_started_is_stopped_at_once()
    {
        var desk = new SchedulerDesk();
        desk.Submit("busy", "ready", "waiting < ghost")
            .Expect("start busy #1")
            .Stop("ready")
            .Expect("ready stopped stop")
            .Stop("waiting", StopReason.Kill)
            .Expect("waiting stopped kill");
        Assert.Equal(new TaskState.Stopped(0, StopReason.Stop), desk["ready"]);
        Assert.Equal(new TaskState.Stopped(0, StopReason.Kill), desk["waiting"]);
    }

    [Fact]
    public void A_running_task_is_stopped_when_its_attempt_is_gone()
    {
        var desk = new SchedulerDesk();
        desk.Submit("a", "b").Expect("start a #1").Stop("a").Expect("a stopping stop", "stop a");
        Assert.Equal(StopReason.Stop, Assert.IsType<TaskState.Running>(desk["a"]).Stopping);
        desk.End("a", AttemptOutcome.Stopped.Instance).Expect("a stopped stop", "start b #1");
        Assert.Equal(new TaskState.Stopped(1, StopReason.Stop), desk["a"]);
    }

    [Fact]
    public void A_stopped_attempt_that_failed_is_stopped_too_and_not_retried()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Retry = new RetryPolicy(3, Backoff.Fixed, default, default, 0) })
            .Expect("start a #1")
            .Stop("a")
            .Expect("a stopping stop", "stop a")
            .Fail("a")
            .Expect("a stopped stop");
    }

    [Fact]
    public void An_attempt_that_succeeds_before_it_can_be_stopped_has_succeeded() =>
        new SchedulerDesk()
            .Submit("a")
            .Expect("start a #1")
            .Stop("a")
            .Expect("a stopping stop", "stop a")
            .Succeed("a")
            .Expect("a done");

    [Fact]
    public void Stopping_twice_or_too_late_is_no_error()
    {
        var desk = new SchedulerDesk();
        desk.Submit("a")
            .Expect("start a #1")
            .Stop("a")
            .Expect("a stopping stop", "stop a")
            .Stop("a", StopReason.Kill)
            .Expect();
        desk.Succeed("a").Expect("a done").Stop("a").Expect();
        desk.Send(new Input.Stop(new TaskId(99))).Expect();
    }

    [Fact]
    public void Force_takes_away_the_grace_once() =>
        new SchedulerDesk()
            .Submit("a", "b")
            .Expect("start a #1")
            .Stop("a")
            .Expect("a stopping stop", "stop a")
            .Stop("a", force: true)
            .Expect("kill a")
            .Stop("a", force: true)
            .Expect()
            .End("a", AttemptOutcome.Stopped.Instance)
            .Expect("a stopped stop", "start b #1")
            .Stop("b", StopReason.Kill, force: true)
            .Expect("b stopping kill", "kill b")
            .Stop("b")
            .Expect();

    [Fact]
    public void A_task_between_two_attempts_is_stopped_with_the_number_of_the_last()
    {
        var desk = new SchedulerDesk();
        desk.Submit(
                desk.Task("a") with
                {
                    Retry = new RetryPolicy(3, Backoff.Fixed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 0),
                }
            )
            .Expect("start a #1")
            .Fail("a")
            .Expect("a backs off #2")
            .Stop("a")
            .Expect("a stopped stop")
            .TickAfter(9)
            .Expect();
        Assert.Equal(new TaskState.Stopped(1, StopReason.Stop), desk["a"]);
    }
}
