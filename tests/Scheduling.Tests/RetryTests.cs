using AptTask.TestKit;

namespace AptTask.Scheduling.Tests;

public class RetryTests
{
    private static readonly RetryPolicy ThreeTimes = new(3, Backoff.Fixed, Seconds(10), Seconds(60), 0);

    [Fact]
    public void A_failed_attempt_is_followed_by_another_after_the_delay()
    {
        var desk = new SchedulerDesk { Verbose = true };
        desk.Submit(desk.Task("a") with { Retry = ThreeTimes })
            .Expect("accept a", "a ready", "a running", "start a #1")
            .Fail("a")
            .Expect("a backs off #2", "wake +10")
            .TickAfter(9)
            .Expect()
            .TickAfter(1)
            .Expect("a ready", "a running", "start a #2", "wake never")
            .Fail("a")
            .Expect("a backs off #3", "wake +10")
            .TickAfter(11)
            .Expect("a ready", "a running", "start a #3", "wake never")
            .Fail("a", FailureReason.Memory)
            .Expect("a failed memory");
        Assert.Equal(new TaskState.Failed(3, FailureReason.Memory), desk["a"]);
    }

    [Fact]
    public void A_failure_that_no_retry_can_mend_is_final()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Retry = ThreeTimes })
            .Expect("start a #1")
            .Fail("a", retryable: false)
            .Expect("a failed exitcode");
    }

    [Fact]
    public void A_revoked_task_is_not_tried_again()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Retry = ThreeTimes, Idempotent = true })
            .Expect("start a #1")
            .Fail("a", FailureReason.Revoked)
            .Expect("a failed revoked");
    }

    [Fact]
    public void A_retry_without_delay_starts_at_once_and_behind_what_goes_before_it()
    {
        var desk = new SchedulerDesk();
        desk.Submit(
                desk.Task("a") with
                {
                    Retry = new RetryPolicy(2, Backoff.Fixed, default, default, 0),
                },
                desk.Task("b")
            )
            .Expect("start a #1")
            .Fail("a")
            .Expect("a backs off #2", "start a #2");
    }

    [Theory]
    [InlineData(Backoff.Fixed, 1, 0, 0, 10)]
    [InlineData(Backoff.Fixed, 7, 0, 0, 10)]
    [InlineData(Backoff.Exponential, 1, 0, 0, 10)]
    [InlineData(Backoff.Exponential, 3, 0, 0, 40)]
    [InlineData(Backoff.Exponential, 4, 0, 0, 60)]
    [InlineData(Backoff.Exponential, 5000, 0, 0, 60)]
    [InlineData(Backoff.Fixed, 1, 0.5, 0, 5)]
    [InlineData(Backoff.Fixed, 1, 0.5, 0.5, 7.5)]
    [InlineData(Backoff.Fixed, 1, 0.5, 1, 10)]
    [InlineData(Backoff.Fixed, 1, 7, 7, 10)]
    [InlineData(Backoff.Fixed, 1, -1, -1, 10)]
    public void The_delay_grows_as_the_policy_says(
        Backoff backoff,
        int attempt,
        double jitter,
        double draw,
        double expected
    ) =>
        Assert.Equal(
            Seconds(expected),
            new RetryPolicy(9, backoff, Seconds(10), Seconds(60), jitter).DelayAfter(attempt, draw)
        );

    [Fact]
    public void The_draw_that_comes_with_the_end_makes_the_jitter()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Retry = ThreeTimes with { Jitter = 0.4 } })
            .Expect("start a #1")
            .Fail("a", jitter: 0.5)
            .Expect("a backs off #2");
        Assert.Equal("backs off for 8", desk.Explain("a"));
    }

    [Fact]
    public void A_delay_beyond_the_end_of_time_ends_there()
    {
        var desk = new SchedulerDesk();
        desk.Submit(
                desk.Task("a") with
                {
                    Retry = new RetryPolicy(2, Backoff.Fixed, TimeSpan.MaxValue, TimeSpan.MaxValue, 0),
                }
            )
            .Expect("start a #1")
            .Fail("a")
            .Expect("a backs off #2");
        Assert.Equal(new TaskState.BackingOff(2, DateTimeOffset.MaxValue), desk["a"]);
    }

    [Fact]
    public void A_task_may_be_tried_many_times()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Retry = new RetryPolicy(40, Backoff.Fixed, default, default, 0) })
            .Expect("start a #1");
        for (var attempt = 2; attempt <= 40; attempt++)
            desk.Fail("a").Expect($"a backs off #{attempt}", $"start a #{attempt}");
        desk.Succeed("a").Expect("a done");
        Assert.Equal(new TaskState.Done(40), desk["a"]);
    }

    [Fact]
    public void An_attempt_that_stops_of_its_own_accord_has_failed()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Retry = ThreeTimes }, desk.Task("b"))
            .Expect("start a #1")
            .End("a", AttemptOutcome.Stopped.Instance)
            .Expect("a backs off #2", "start b #1")
            .End("b", AttemptOutcome.Stopped.Instance)
            .Expect("b failed exception");
    }

    [Fact]
    public void The_late_end_of_an_earlier_attempt_does_not_end_the_one_that_runs()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Retry = ThreeTimes }).Expect("start a #1");
        var first = desk.TokenOf("a");
        desk.Fail("a").Expect("a backs off #2").TickAfter(10).Expect("start a #2");
        desk.Send(new Input.AttemptEnded(desk.Id("a"), first, AttemptOutcome.Succeeded.Instance)).Expect("stale a");
        Assert.IsType<TaskState.Running>(desk["a"]);
        Assert.True(desk.TokenOf("a").Value > first.Value);
    }

    [Fact]
    public void An_end_comes_once()
    {
        var desk = new SchedulerDesk();
        desk.Submit("a").Expect("start a #1").Succeed("a").Expect("a done").Fail("a").Expect("stale a");
        desk.Send(new Input.AttemptEnded(new TaskId(99), new AttemptToken(1), AttemptOutcome.Succeeded.Instance))
            .Expect("stale ?99");
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
