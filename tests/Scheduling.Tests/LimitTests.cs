using System.Collections.Immutable;
using AptTask.TestKit;

namespace AptTask.Scheduling.Tests;

public class LimitTests
{
    [Fact]
    public void A_group_at_its_running_limit_lets_others_pass()
    {
        var desk = new SchedulerDesk(Limited(new GroupLimits("home") { Running = 1 }));
        desk.Submit("a", "b").Expect("start a #1");
        Assert.Equal("group at 1", desk.Explain("b"));
        desk.In("guest").Submit("g1", "g2").Expect("start g1 #1", "start g2 #1");
        desk.In("home").Succeed("a").Expect("a done", "start b #1");
    }

    [Fact]
    public void A_paused_group_starts_nothing_and_lets_others_pass()
    {
        var desk = new SchedulerDesk(width: 1);
        desk.Send(new Input.PauseGroup(SchedulerDesk.Home, Paused: true)).Expect();
        desk.Submit("a").Expect();
        Assert.Equal("group paused", desk.Explain("a"));
        Assert.True(desk.Scheduler.Groups()[0].Paused);
        desk.In("guest").Submit("g").Expect("start g #1").Succeed("g").Expect("g done");
        desk.Send(new Input.PauseGroup(SchedulerDesk.Home, Paused: false));
        desk.In("home").Expect("start a #1");
    }

    [Fact]
    public void A_pending_limit_counts_what_waits_and_not_what_runs()
    {
        var desk = new SchedulerDesk(Limited(new GroupLimits("*") { Pending = 2 }));
        desk.Submit("a", "b").Expect("start a #1", "start b #1");
        desk.Submit("c < ghost", "d < ghost").Expect();
        desk.Submit("e < ghost").Expect("refuse queue full 2");
        desk.Submit("a", "c < ghost").Expect("accept a as a", "accept c as c");
        desk.Stop("c").Ignore().Submit("e < ghost").Expect();
    }

    [Fact]
    public void A_quota_counts_live_tasks_and_kept_results_together()
    {
        var desk = new SchedulerDesk(Limited(new GroupLimits("ho*e") { Quota = 3 }));
        desk.Submit("a", "b").Expect("start a #1", "start b #1").Succeed("a").Expect("a done");
        desk.Submit("c", "d").Expect("refuse quota 3");
        desk.Submit("c").Expect("start c #1");
        desk.Submit("d").Expect("refuse quota 3").Release("a").Expect("remove a", "remember a done");
        desk.Submit("d").Expect("start d #1");
        desk.In("guest").Submit("g1", "g2", "g3", "g4").Ignore();
    }

    [Fact]
    public void A_cap_holds_back_only_the_tasks_that_carry_it()
    {
        var desk = new SchedulerDesk(Capped(3, ("resize", 1)));
        desk.Submit(Resize("r1"), Resize("r2"), desk.Task("x") with { Cap = "no limit" }, desk.Task("y"))
            .Expect("start r1 #1", "start x #1", "start y #1");
        Assert.Equal("resize at 1; main has 0 of 3 for 1, r1 x y and 0 others", desk.Explain("r2"));
        desk.Succeed("x").Expect("x done").Succeed("r1").Expect("r1 done", "start r2 #1");

        TaskSpec Resize(string name) => desk.Task(name) with { Cap = "resize" };
    }

    [Fact]
    public void A_cap_holds_over_lanes_and_groups()
    {
        var desk = new SchedulerDesk(
            SchedulerDesk.Options(("main", 2), ("side", 2)) with
            {
                Caps = ImmutableDictionary<string, int>.Empty.Add("one", 1),
            }
        );
        desk.Submit(desk.Task("a") with { Cap = "one" }).Expect("start a #1");
        desk.In("guest").Submit(desk.Task("b") with { Cap = "one", Lane = new("side") }).Expect();
        desk.In("third").Submit(desk.Task("c") with { Cap = "one" }).Expect();
        // The lane that has not started anything yet comes first, then the other.
        desk.In("home").Succeed("a").Expect("a done", "start b #1");
        desk.In("guest").Succeed("b").Expect("b done", "start c #1");
    }

    [Fact]
    public void The_tasks_of_a_capped_and_an_uncapped_queue_start_in_one_order()
    {
        var desk = new SchedulerDesk(Capped(1, ("resize", 5)));
        desk.Submit(
                desk.Task("a"),
                desk.Task("b") with
                {
                    Cap = "resize",
                },
                desk.Task("c"),
                desk.Task("d") with
                {
                    Cap = "resize",
                    Priority = 1,
                }
            )
            .Expect("start d #1")
            .Succeed("d")
            .Expect("d done", "start a #1")
            .Succeed("a")
            .Expect("a done", "start b #1")
            .Succeed("b")
            .Expect("b done", "start c #1");
    }

    [Fact]
    public void Caps_and_limits_can_be_raised_lowered_added_and_taken_away()
    {
        var desk = new SchedulerDesk(Capped(9, ("resize", 1)));
        desk.Submit([.. Enumerable.Range(1, 6).Select(i => desk.Task($"r{i}") with { Cap = "resize" })])
            .Expect("start r1 #1");
        desk.Configure(Capped(9, ("resize", 3))).Expect("start r2 #1", "start r3 #1");
        desk.Configure(Capped(9, ("resize", 1), ("other", 2)))
            .Expect()
            .Succeed("r1")
            .Expect("r1 done")
            .Succeed("r2")
            .Expect("r2 done");
        desk.Succeed("r3").Expect("r3 done", "start r4 #1");
        desk.Configure(Capped(9)).Expect("start r5 #1", "start r6 #1");
        desk.Configure(Capped(9, ("resize", 2))).Expect();
        desk.Submit(desk.Task("r7") with { Cap = "resize" })
            .Expect()
            .Succeed("r4")
            .Expect("r4 done")
            .Succeed("r5")
            .Expect("r5 done", "start r7 #1");
        desk.Configure(Limited(new GroupLimits("home") { Running = 2 })).Expect();
        desk.Submit("x").Expect();
        desk.Configure(Limited(new GroupLimits("home") { Running = 3 })).Expect("start x #1");
    }

    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("site/*", "site/a", true)]
    [InlineData("site/*", "site", false)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("*a*b", "xxaxxbxx", false)]
    [InlineData("a*a", "a", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("ab", "a", false)]
    [InlineData("a**", "abc", true)]
    [InlineData("*ab", "aab", true)]
    public void A_star_in_a_pattern_stands_for_any_run_of_characters(string pattern, string group, bool matches)
    {
        var desk = new SchedulerDesk(LaneTests.Lane(1, fair: true, pattern));
        desk.In(group).Submit("a").Expect(matches ? "start a #1" : "refuse no lane main");
    }

    [Fact]
    public void The_first_pattern_that_matches_a_group_holds()
    {
        var desk = new SchedulerDesk(
            Limited(new GroupLimits("home") { Running = 2 }, new GroupLimits("*") { Running = 1 })
        );
        desk.Submit("a", "b", "c").Expect("start a #1", "start b #1");
        desk.In("guest").Submit("g1", "g2").Expect("start g1 #1");
    }

    private static SchedulerOptions Limited(params GroupLimits[] groups) =>
        SchedulerDesk.Options(("main", 9)) with
        {
            Groups = [.. groups],
        };

    private static SchedulerOptions Capped(int width, params (string Name, int Limit)[] caps) =>
        SchedulerDesk.Options(("main", width)) with
        {
            Caps = caps.ToImmutableDictionary(cap => cap.Name, cap => cap.Limit),
        };
}
