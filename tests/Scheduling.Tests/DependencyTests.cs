using AptTask.TestKit;

namespace AptTask.Scheduling.Tests;

public class DependencyTests
{
    [Fact]
    public void A_task_starts_when_its_last_dependency_succeeds() =>
        new SchedulerDesk(width: 2)
            .Submit("a", "b", "c < a b")
            .Expect("start a #1", "start b #1")
            .Succeed("a")
            .Expect("a done")
            .Succeed("b")
            .Expect("b done", "start c #1");

    [Fact]
    public void A_failed_dependency_skips_everything_behind_it_and_says_through_whom() =>
        new SchedulerDesk()
            .Submit("a", "b < a", "c < b", "d < c")
            .Expect("start a #1")
            .Fail("a")
            .Expect("a failed exitcode", "b skipped a", "c skipped b < a", "d skipped c < b < a");

    [Theory]
    [InlineData("done", "start x #1", null)]
    [InlineData("failed", null, "start x #1")]
    [InlineData("finished", "start x #1", "start x #1")]
    public void A_condition_says_which_end_is_waited_for(string when, string? afterSuccess, string? afterFailure)
    {
        new SchedulerDesk()
            .Submit("a", $"x < a:{when}")
            .Expect("start a #1")
            .Succeed("a")
            .Expect("a done", afterSuccess ?? "x skipped a");
        new SchedulerDesk()
            .Submit("a", $"x < a:{when}")
            .Expect("start a #1")
            .Fail("a")
            .Expect("a failed exitcode", afterFailure ?? "x skipped a");
    }

    [Fact]
    public void A_stopped_job_is_finished_but_has_not_failed() =>
        new SchedulerDesk(width: 3)
            .Submit("late", "x < late")
            .Expect("start late #1")
            .Submit("y < x:failed", "z < x:finished", "w < x")
            .Expect()
            .Stop("x")
            .Expect("x stopped stop", "y skipped x", "w skipped x", "start z #1");

    [Fact]
    public void A_job_may_be_waited_for_before_it_is_submitted() =>
        new SchedulerDesk()
            .Submit("b < a")
            .Expect()
            .Submit("a")
            .Expect("start a #1")
            .Succeed("a")
            .Expect("a done", "start b #1");

    [Fact]
    public void Strict_refuses_a_job_that_nobody_knows() =>
        new SchedulerDesk()
            .SubmitStrict("a", "b < a")
            .Expect("start a #1")
            .SubmitStrict("c < a b")
            .Expect()
            .SubmitStrict("d < c nobody")
            .Expect("refuse unknown nobody");

    [Fact]
    public void Strict_does_not_take_a_job_for_known_because_someone_waits_for_it() =>
        new SchedulerDesk().Submit("a < ghost").Expect().SubmitStrict("b < ghost").Expect("refuse unknown ghost");

    [Fact]
    public void A_job_that_has_ended_and_is_kept_counts_as_it_ended() =>
        new SchedulerDesk()
            .Submit("a")
            .Expect("start a #1")
            .Fail("a")
            .Expect("a failed exitcode")
            .Submit("b < a:failed", "c < a")
            .Expect("c skipped a", "start b #1");

    [Fact]
    public void A_job_that_is_waited_for_twice_counts_twice() =>
        new SchedulerDesk()
            .Submit("a", "both < a a:finished", "odd < a a:failed")
            .Expect("start a #1")
            .Succeed("a")
            .Expect("a done", "odd skipped a", "start both #1");

    [Fact]
    public void Dependants_wait_for_the_last_attempt()
    {
        var desk = new SchedulerDesk();
        desk.Submit(
                desk.Task("a") with
                {
                    Retry = new RetryPolicy(2, Backoff.Fixed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 0),
                },
                desk.Task("b", "a")
            )
            .Expect("start a #1")
            .Fail("a")
            .Expect("a backs off #2")
            .TickAfter(1)
            .Expect("start a #2")
            .Fail("a")
            .Expect("a failed exitcode", "b skipped a");
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_is_skipped_without_a_deep_stack()
    {
        const int Length = 100_000;
        var scheduler = new Scheduler(SchedulerDesk.Options(("main", 1)), default);
        var tasks = Enumerable
            .Range(1, Length)
            .Select(i => new TaskSpec
            {
                Id = new TaskId(i),
                Group = SchedulerDesk.Home,
                Lane = SchedulerDesk.Main,
                Job = new JobId($"j{i}"),
                WaitFor = i == 1 ? [] : [new Dependency(new JobId($"j{i - 1}"))],
            });
        scheduler.Apply(new Input.Submit([.. tasks]), DateTimeOffset.UnixEpoch);

        scheduler.Apply(new Input.Stop(new TaskId(2)), DateTimeOffset.UnixEpoch);

        var last = Assert.IsType<TaskState.Skipped>(scheduler.StateOf(new TaskId(Length)));
        Assert.StartsWith($"j{Length - 1} < j{Length - 2} < ", last.Chain);
        Assert.EndsWith(" < … < j2", last.Chain);
        Assert.InRange(last.Chain.Length, 100, 200);
        scheduler.CheckInvariants();
    }

    [Fact]
    public void Tasks_that_were_stopped_while_they_waited_leave_no_trace_in_what_they_waited_for()
    {
        // CheckInvariants bounds the dead links of a job after each input.
        var desk = new SchedulerDesk();
        desk.Submit("first < ghost").Expect();
        for (var i = 0; i < 100; i++)
            desk.Submit($"t{i} < ghost other{i}").Expect().Stop($"t{i}").Expect($"t{i} stopped stop");
        desk.Submit("last < ghost").Expect().Submit("ghost").Expect("start ghost #1");
        desk.Succeed("ghost")
            .Expect("ghost done", "start first #1")
            .Succeed("first")
            .Expect("first done", "start last #1");
    }

    [Fact]
    public void Dependants_go_on_in_the_order_in_which_they_came()
    {
        var desk = new SchedulerDesk { Verbose = true };
        desk.Submit("a").Ignore();
        for (var i = 0; i < 20; i++)
            desk.Submit($"t{i} < a").Ignore();
        for (var i = 0; i < 19; i++)
            desk.Stop($"t{(i * 7) % 19}").Ignore();
        desk.Submit("u < a")
            .Ignore()
            .Succeed("a")
            .Expect("a done", "t19 ready", "u ready", "t19 running", "start t19 #1");
    }

    [Fact]
    public void The_reason_of_a_skip_names_at_least_the_job_and_the_root_however_long_their_names()
    {
        var desk = new SchedulerDesk();
        string Long(char c) => new(c, 120);
        desk.Submit(
            Long('a'),
            $"{Long('b')} < {Long('a')}",
            $"{Long('c')} < {Long('b')}",
            $"{Long('d')} < {Long('c')}",
            $"e < {Long('d')}"
        );
        desk.Ignore().Fail(Long('a')).Ignore();
        Assert.Equal($"{Long('b')} < {Long('a')}", ((TaskState.Skipped)desk[Long('c')]!).Chain);
        Assert.Equal($"{Long('c')} < … < {Long('a')}", ((TaskState.Skipped)desk[Long('d')]!).Chain);
        Assert.Equal($"{Long('d')} < … < {Long('a')}", ((TaskState.Skipped)desk["e"]!).Chain);
    }

    [Fact]
    public void A_task_may_wait_for_many_jobs()
    {
        var desk = new SchedulerDesk(width: 99);
        var jobs = Enumerable.Range(0, 40).Select(i => $"j{i}").ToList();
        desk.Submit([.. jobs]).Ignore().Submit($"all < {string.Join(' ', jobs)}").Expect();
        foreach (var job in jobs)
        {
            Assert.IsType<TaskState.Waiting>(desk["all"]);
            desk.Succeed(job).Ignore();
        }

        Assert.IsType<TaskState.Running>(desk["all"]);
    }

    [Fact]
    public void What_was_decided_stays_decided_when_the_name_is_used_again_and_ends_otherwise()
    {
        var desk = new SchedulerDesk(width: 2);
        desk.Submit("a", "b", "c < a b").Ignore().Succeed("a").Ignore().Release("a").Ignore();
        desk.Submit(desk.Task("again") with { Job = new JobId("a") }).Ignore().Fail("again").Ignore();
        Assert.IsType<TaskState.Waiting>(desk["c"]);
        desk.Succeed("b").Ignore();
        Assert.IsType<TaskState.Running>(desk["c"]);
    }
}
