using System.Collections.Immutable;
using AptTask.TestKit;

namespace AptTask.Scheduling.Tests;

public class LaneTests
{
    [Fact]
    public void A_lane_runs_as_many_as_it_is_wide() =>
        new SchedulerDesk(width: 2)
            .Submit("a", "b", "c")
            .Expect("start a #1", "start b #1")
            .Succeed("b")
            .Expect("b done", "start c #1");

    [Fact]
    public void A_heavy_task_takes_as_many_places_as_it_weighs()
    {
        var desk = new SchedulerDesk(width: 3);
        desk.Submit(desk.Task("heavy") with { Weight = 2 }, desk.Task("b"), desk.Task("c"))
            .Expect("start heavy #1", "start b #1")
            .Succeed("heavy")
            .Expect("heavy done", "start c #1");
    }

    [Fact]
    public void A_heavy_task_at_the_head_is_not_overtaken_by_its_own_group()
    {
        var desk = new SchedulerDesk(width: 2);
        desk.Submit("a", "b").Expect("start a #1", "start b #1");
        desk.Submit(desk.Task("heavy") with { Weight = 2 }, desk.Task("light")).Expect().Succeed("a").Expect("a done");
        Assert.Equal("main has 1 of 2 for 2, b and 0 others", desk.Explain("heavy"));
        Assert.Equal("behind 1", desk.Explain("light"));
        desk.Succeed("b").Expect("b done", "start heavy #1").Succeed("heavy").Expect("heavy done", "start light #1");
    }

    [Fact]
    public void Other_groups_pass_a_heavy_task_but_no_more_often_than_the_lane_is_wide()
    {
        var desk = new SchedulerDesk(Lane(2, fair: false));
        desk.Submit("a", "b").Expect("start a #1", "start b #1");
        desk.Submit(desk.Task("heavy") with { Weight = 2, Priority = 100 }).Expect().Succeed("a").Expect("a done");
        desk.In("guest").Submit("g1", "g2", "g3", "g4").Expect("start g1 #1");
        desk.Succeed("g1").Expect("g1 done", "start g2 #1");
        desk.In("home").Succeed("b").Expect("b done");
        desk.In("guest");
        Assert.Equal("main has 0 of 2 for 1, g2 and 0 others", desk.Explain("g3"));
        desk.Succeed("g2").Expect("g2 done", "start heavy #1");
        desk.In("home").Succeed("heavy").Expect("heavy done", "start g3 #1", "start g4 #1");
    }

    [Fact]
    public void Places_that_were_saved_up_are_given_away_when_the_heavy_task_no_longer_wants_them()
    {
        var desk = new SchedulerDesk(Lane(2, fair: false));
        desk.Submit("a", "b").Expect("start a #1", "start b #1");
        desk.Submit(desk.Task("heavy") with { Weight = 2, Priority = 100 }).Expect().Succeed("a").Expect("a done");
        desk.In("guest").Submit("g1", "g2", "g3").Expect("start g1 #1").Succeed("g1").Expect("g1 done", "start g2 #1");
        desk.In("home").Succeed("b").Expect("b done").Stop("heavy").Expect("heavy stopped stop", "start g3 #1");
    }

    [Fact]
    public void In_a_fair_lane_only_those_pass_a_heavy_task_who_have_more_running_than_its_group()
    {
        var desk = new SchedulerDesk(width: 2);
        desk.Submit("a", "b").Expect("start a #1", "start b #1");
        desk.Submit(desk.Task("heavy") with { Weight = 2 }).Expect().Succeed("a").Expect("a done");
        // As long as its group runs more than the guests, they are simply first.
        desk.In("guest").Submit("g1", "g2", "g3", "g4", "g5", "g6").Expect("start g1 #1");
        desk.Succeed("g1").Expect("g1 done", "start g2 #1").Succeed("g2").Expect("g2 done", "start g3 #1");
        desk.In("home").Succeed("b").Expect("b done", "start g4 #1");
        desk.In("guest").Succeed("g3").Expect("g3 done", "start g5 #1");
        desk.Succeed("g4").Expect("g4 done").Succeed("g5").Expect("g5 done", "start heavy #1");
    }

    [Fact]
    public void A_task_heavier_than_its_lane_is_refused()
    {
        var desk = new SchedulerDesk(width: 2);
        desk.Submit(desk.Task("a") with { Weight = 3 }).Expect("refuse too heavy 3 > 2");
    }

    [Fact]
    public void A_lane_that_is_not_there_or_not_for_the_group_is_refused()
    {
        var options = Lane(1, fair: true, "home", "team/*");
        var desk = new SchedulerDesk(options);
        desk.Submit(desk.Task("a") with { Lane = new("fast") }).Expect("refuse no lane fast");
        desk.Submit("b").Expect("start b #1");
        desk.In("team/web").Submit("c").Expect();
        desk.In("guest").Submit("d").Expect("refuse no lane main");
    }

    [Fact]
    public void A_paused_lane_starts_nothing_and_lets_what_runs_run_on() =>
        new SchedulerDesk()
            .Submit("a", "b")
            .Expect("start a #1")
            .Send(new Input.PauseLane(SchedulerDesk.Main, Paused: true))
            .Expect()
            .Succeed("a")
            .Expect("a done")
            .Send(new Input.PauseLane(SchedulerDesk.Main, Paused: false))
            .Expect("start b #1")
            .Send(new Input.PauseLane(new LaneName("unknown"), Paused: true))
            .Expect();

    [Fact]
    public void A_drained_daemon_starts_nothing_anywhere() =>
        new SchedulerDesk()
            .Send(new Input.Drain(Draining: true))
            .Expect()
            .Submit("a")
            .Expect()
            .Send(new Input.Drain(Draining: false))
            .Expect("start a #1");

    [Fact]
    public void A_task_that_backs_off_leaves_its_place_to_the_next()
    {
        var desk = new SchedulerDesk();
        desk.Submit(
                desk.Task("a") with
                {
                    Retry = new RetryPolicy(2, Backoff.Fixed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 0),
                },
                desk.Task("b")
            )
            .Expect("start a #1")
            .Fail("a")
            .Expect("a backs off #2", "start b #1");
    }

    [Fact]
    public void A_narrower_lane_ends_nothing_and_starts_nothing_until_it_has_room() =>
        new SchedulerDesk(width: 3)
            .Submit("a", "b", "c", "d")
            .Expect("start a #1", "start b #1", "start c #1")
            .Configure(Lane(1, fair: true))
            .Expect()
            .Succeed("a")
            .Expect("a done")
            .Succeed("b")
            .Expect("b done")
            .Succeed("c")
            .Expect("c done", "start d #1");

    [Fact]
    public void A_wider_lane_starts_more_at_once() =>
        new SchedulerDesk()
            .Submit("a", "b", "c")
            .Expect("start a #1")
            .Configure(Lane(3, fair: false))
            .Expect("start b #1", "start c #1");

    [Fact]
    public void A_task_heavier_than_its_lane_has_become_takes_all_of_it()
    {
        var desk = new SchedulerDesk(width: 3);
        desk.Submit("a").Expect("start a #1");
        desk.Submit(desk.Task("heavy") with { Weight = 3 }, desk.Task("light")).Expect();
        desk.Configure(Lane(2, fair: true)).Expect().Succeed("a").Expect("a done", "start heavy #1");
        desk.Configure(Lane(3, fair: true)).Expect("start light #1").Succeed("heavy").Expect("heavy done");
    }

    [Fact]
    public void A_lane_that_the_configuration_no_longer_has_stays_without_places_until_its_tasks_are_gone()
    {
        var desk = new SchedulerDesk(SchedulerDesk.Options(("main", 1), ("old", 1)));
        var old = new LaneName("old");
        desk.Submit(desk.Task("a") with { Lane = old }).Expect("start a #1");
        desk.Submit(desk.Task("b") with { Lane = old }, desk.Task("c", "b") with { Lane = old })
            .Expect()
            .Configure(Lane(1, fair: true))
            .Expect()
            .Succeed("a")
            .Expect("a done");
        Assert.Equal("old has 0 of 0 for 1,  and 0 others", desk.Explain("b"));
        desk.Submit(desk.Task("d") with { Lane = old }).Expect("refuse no lane old");
        Assert.Equal(["main", "old"], desk.Scheduler.Lanes().Select(lane => lane.Name.Value));
        Assert.Equal(0, desk.Scheduler.Lanes()[1].Options.Width);
        desk.Stop("b").Expect("b stopped stop", "c skipped b");
        Assert.Equal(["main"], desk.Scheduler.Lanes().Select(lane => lane.Name.Value));
        desk.Configure(SchedulerDesk.Options(("main", 1), ("old", 1))).Expect();
        desk.Submit(desk.Task("e") with { Lane = old }).Expect("start e #1");
    }

    [Fact]
    public void A_lane_that_comes_back_goes_on_where_it_was()
    {
        var desk = new SchedulerDesk(width: 1);
        desk.Submit("a", "b").Expect("start a #1");
        desk.Configure(SchedulerDesk.Options(("other", 1))).Expect().Succeed("a").Expect("a done");
        desk.Configure(Lane(1, fair: true)).Expect("start b #1");
        Assert.Equal(["main"], desk.Scheduler.Lanes().Select(lane => lane.Name.Value));
    }

    [Fact]
    public void A_lane_shows_its_places_and_what_runs_in_the_order_in_which_it_started()
    {
        var desk = new SchedulerDesk(width: 3);
        desk.Submit(desk.Task("a", "b"), desk.Task("b") with { Weight = 2 }, desk.Task("c"), desk.Task("d"))
            .Ignore()
            .Succeed("b")
            .Ignore()
            .Send(new Input.PauseLane(SchedulerDesk.Main, Paused: true))
            .Ignore();
        var lane = Assert.Single(desk.Scheduler.Lanes());
        Assert.Equal(["c", "a", "d"], lane.Running.Select(desk.Name));
        Assert.Equal((SchedulerDesk.Main, 3, 0, true), (lane.Name, lane.Used, lane.Ready, lane.Paused));
        desk.Submit("e").Ignore();
        Assert.Equal(1, desk.Scheduler.Lanes()[0].Ready);
    }

    internal static SchedulerOptions Lane(int width, bool fair, params string[] groups) =>
        new()
        {
            Lanes = ImmutableDictionary<LaneName, LaneOptions>.Empty.Add(
                SchedulerDesk.Main,
                new LaneOptions(width, fair, [.. groups])
            ),
        };
}
