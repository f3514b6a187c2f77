using AptTask.TestKit;

namespace AptTask.Scheduling.Tests;

public class RestoreTests
{
    [Fact]
    public void A_new_life_goes_on_where_the_last_one_ended()
    {
        var desk = new SchedulerDesk(width: 2);
        desk.Submit("done", "a").Expect("start done #1", "start a #1").Succeed("done").Expect("done done");
        desk.Submit("b < a done", "c < b", "d").Expect("start d #1").Submit("e").Expect();
        var next = desk.Restart();
        next.Expect();
        Assert.Equal(["a", "d", "e", "b", "c"], next.Active());
        next.Fail("a", FailureReason.Lost).Expect("a failed lost", "b skipped a", "c skipped b < a", "start e #1");
    }

    [Fact]
    public void Restored_attempts_keep_their_places_and_new_tokens_are_greater()
    {
        var desk = new SchedulerDesk(width: 2);
        desk.Submit("a", "b", "c").Expect("start a #1", "start b #1");
        var next = new SchedulerDesk(SchedulerDesk.Options(("main", 3)));
        var running = new RestoredTask(
            desk.Scheduler.SpecOf(desk.Id("a"))!,
            new TaskState.Running(1, new AttemptToken(long.MaxValue / 2), null),
            2,
            DateTimeOffset.UnixEpoch
        );
        var ready = new RestoredTask(desk.Scheduler.SpecOf(desk.Id("c"))!, new TaskState.Ready(1), 0, null);
        next.Send(new Input.Restore([ready, running], []));
        var start = Assert.Single(next.Unread.OfType<Effect.StartAttempt>());
        Assert.Equal((ready.Spec.Id, 1), (start.Task, start.Attempt));
        Assert.Equal((long.MaxValue / 2) + 1, start.Token.Value);
        Assert.Equal(2, next.Scheduler.LostAttemptsOf(running.Spec.Id));
    }

    [Fact]
    public void Times_are_kept()
    {
        var desk = new SchedulerDesk(width: 3) { Verbose = true };
        var retry = new RetryPolicy(2, Backoff.Fixed, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(40), 0);
        desk.Submit(
                desk.Task("late") with
                {
                    NotBefore = At(30),
                },
                desk.Task("long") with
                {
                    Timeout = TimeSpan.FromSeconds(20),
                },
                desk.Task("again") with
                {
                    Retry = retry,
                },
                desk.Task("must", "ghost") with
                {
                    Deadline = At(50),
                }
            )
            .Ignore()
            .Fail("again")
            .Ignore();
        desk.Now = At(10);
        var next = desk.Restart();
        next.Expect("wake +10");
        next.TickAfter(10).Expect("long stopping timeout", "stop long", "wake +10");
        next.TickAfter(10).Expect("late ready", "late running", "start late #1", "wake +10");
        next.TickAfter(10).Expect("again ready", "again running", "start again #2", "wake +10");
        next.TickAfter(10).Expect("must skipped, late", "wake never");
    }

    [Fact]
    public void What_became_due_while_the_daemon_was_down_is_done_first()
    {
        var desk = new SchedulerDesk();
        desk.Submit(
                desk.Task("a") with
                {
                    NotBefore = At(30),
                },
                desk.Task("b") with
                {
                    NotBefore = At(30),
                    Deadline = At(40),
                }
            )
            .Expect();
        desk.Now = At(60);
        desk.Restart().Expect("b skipped, late", "start a #1");
    }

    [Fact]
    public void Memory_and_second_names_are_kept()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Unique = "key" }).Expect("start a #1");
        desk.Submit(desk.Task("b") with { Unique = "key" }).Expect("accept b as a", "alias b of a");
        var group = SchedulerDesk.Home;
        var next = desk.Restart([
            new JobRecord(group, new("b"), desk.Id("a"), null, null),
            new JobRecord(group, new("gone"), new TaskId(1), TaskOutcome.Failed, At(100)),
            new JobRecord(group, new("faded"), new TaskId(1), TaskOutcome.Failed, At(0)),
            new JobRecord(group, new("orphan"), new TaskId(77), null, null),
            new JobRecord(group, new("a"), new TaskId(0), TaskOutcome.Failed, At(100)),
            new JobRecord(new("nobody"), new("x"), new TaskId(78), null, null),
        ]);
        next.Expect("forget orphan", "forget x", "forget faded");
        next.Submit("c < b", "d < gone:failed", "e < a").Expect().Succeed("a").Expect("a done", "start c #1");
        next.Release("a").Expect("remove a", "remember a done", "remember b done");
        next.Submit(next.Task("f") with { Unique = "key" }).Expect();
    }

    [Fact]
    public void A_key_of_an_unfinished_task_is_kept()
    {
        var desk = new SchedulerDesk();
        desk.Submit(desk.Task("a") with { Unique = "key" }, desk.Task("b")).Expect("start a #1");
        var next = desk.Restart().Expect();
        next.Submit(next.Task("c") with { Unique = "key" }).Expect("accept c as a", "alias c of a");
    }

    [Fact]
    public void What_a_ready_task_once_waited_for_does_not_hold_it_back_again()
    {
        var desk = new SchedulerDesk();
        desk.Submit("a").Ignore().Succeed("a").Ignore().Submit("busy").Ignore();
        desk.Submit("b < a").Expect().Release("a").Ignore();
        var next = desk.Restart();
        next.Expect().Submit("a").Expect();
        Assert.Equal(["busy", "a", "b"], next.Active());
        next.Succeed("busy").Expect("busy done", "start a #1").Succeed("a").Expect("a done", "start b #1");
    }

    [Fact]
    public void A_task_whose_lane_is_no_longer_configured_is_kept_and_says_so()
    {
        var desk = new SchedulerDesk(SchedulerDesk.Options(("main", 1), ("old", 1)));
        desk.Submit(desk.Task("a") with { Lane = new("old") }, desk.Task("b") with { Lane = new("old") })
            .Expect("start a #1");
        var tasks = new[] { "a", "b" }.Select(name => new RestoredTask(
            desk.Scheduler.SpecOf(desk.Id(name))!,
            desk[name]!,
            0,
            null
        ));
        var next = new SchedulerDesk(width: 1);
        next.Send(new Input.Restore([.. tasks], [])).Expect();
        Assert.Equal(["main", "old"], next.Scheduler.Lanes().Select(lane => lane.Name.Value));
        var full = Assert.IsType<Obstacle.LaneFull>(next.Scheduler.Explain(desk.Id("b"), next.Now)[0]);
        Assert.Equal((0, 0, 1), (full.Width, full.Free, full.Weight));
        next.Configure(SchedulerDesk.Options(("main", 1), ("old", 2)));
        Assert.Single(next.Unread.OfType<Effect.StartAttempt>());
    }

    [Fact]
    public void Waiting_tasks_whose_jobs_have_ended_go_on()
    {
        var desk = new SchedulerDesk(width: 3);
        TaskSpec a = desk.Task("a"),
            b = desk.Task("b", "a"),
            c = desk.Task("c", "a:failed"),
            d = desk.Task("d", "c");
        desk.Send(
            new Input.Restore(
                [
                    new RestoredTask(d, new TaskState.Waiting(1), 0, null),
                    new RestoredTask(a, new TaskState.Done(1), 0, null),
                    new RestoredTask(b, new TaskState.Waiting(1), 0, null),
                    new RestoredTask(c, new TaskState.Waiting(1), 0, null),
                ],
                []
            )
        );
        desk.Expect("c skipped a", "d skipped c < a", "start b #1");
    }

    private static DateTimeOffset At(double seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);
}
