using AptTask.TestKit;

namespace AptTask.Scheduling.Tests;

public class LostAttemptTests
{
    [Fact]
    public void A_lost_attempt_fails_the_task() =>
        new SchedulerDesk().Submit("a").Expect("start a #1").Fail("a", FailureReason.Lost).Expect("a failed lost");

    [Fact]
    public void A_lost_attempt_of_an_idempotent_task_runs_again_three_times_and_then_has_failed()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Idempotent = true })
            .Expect("start a #1")
            .Fail("a", FailureReason.Lost)
            .Expect("start a #2")
            .Fail("a", FailureReason.Lost)
            .Expect("start a #3")
            .Fail("a", FailureReason.Lost)
            .Expect("start a #4");
        Assert.Equal(3, desk.Scheduler.LostAttemptsOf(desk.Id("a")));
        desk.Fail("a", FailureReason.Lost).Expect("a failed lost");
    }

    [Fact]
    public void A_lost_attempt_is_retried_as_any_other_when_retries_are_left()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Retry = new RetryPolicy(2, Backoff.Fixed, default, default, 0) })
            .Expect("start a #1")
            .Fail("a", FailureReason.Lost)
            .Expect("a backs off #2", "start a #2")
            .Fail("a", FailureReason.Lost)
            .Expect("a failed lost");
    }

    [Theory]
    [InlineData(StopReason.Stop)]
    [InlineData(StopReason.Kill)]
    [InlineData(StopReason.Deadline)]
    public void A_task_that_is_being_stopped_and_is_lost_is_stopped(StopReason reason)
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Idempotent = true })
            .Expect("start a #1")
            .Stop("a", reason)
            .Ignore()
            .Fail("a", FailureReason.Lost);
        desk.Ignore();
        Assert.Equal(new TaskState.Stopped(1, reason), desk["a"]);
    }

    [Fact]
    public void An_attempt_that_is_lost_after_its_time_was_up_is_lost()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Timeout = TimeSpan.FromSeconds(1) })
            .Expect("start a #1")
            .TickAfter(1)
            .Expect("a stopping timeout", "stop a")
            .Fail("a", FailureReason.Lost)
            .Expect("a failed lost");
    }
}
