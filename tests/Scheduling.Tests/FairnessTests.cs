using System.Collections.Immutable;
using AptTask.TestKit;

namespace AptTask.Scheduling.Tests;

public class FairnessTests
{
    [Fact]
    public void A_flood_of_one_group_does_not_hold_up_another()
    {
        var desk = new SchedulerDesk(width: 2);
        desk.In("flood").Submit("f1", "f2", "f3", "f4", "f5").Expect("start f1 #1", "start f2 #1");
        desk.In("guest").Submit("g1", "g2").Expect();
        desk.In("flood").Succeed("f1").Expect("f1 done", "start g1 #1");
        desk.Succeed("f2").Expect("f2 done", "start f3 #1");
    }

    [Fact]
    public void In_a_lane_of_width_one_groups_take_turns_whatever_their_priorities()
    {
        var desk = new SchedulerDesk();
        desk.In("a").Submit(High("a1"), High("a2"), High("a3")).Expect("start a1 #1");
        desk.In("b").Submit("b1", "b2", "b3").Expect();
        Assert.Equal(["a1", "b1", "a2", "b2", "a3", "b3"], RunToTheEnd(desk));

        TaskSpec High(string name) => desk.Task(name) with { Priority = 100 };
    }

    [Fact]
    public void A_group_of_twice_the_weight_gets_twice_the_places()
    {
        var desk = new SchedulerDesk(Weighted(width: 6));
        desk.In("gold").Send(new Input.Drain(true)).Ignore();
        foreach (var group in new[] { "gold", "tin" })
            desk.In(group).Submit([.. Enumerable.Range(1, 9).Select(i => $"{group}{i}")]).Ignore();
        desk.Send(new Input.Drain(false));
        Assert.Equal([4, 2], desk.Scheduler.Groups().Select(group => group.Running));
        desk.Ignore();
    }

    [Fact]
    public void A_group_of_twice_the_weight_gets_twice_the_turns_also_in_a_lane_of_width_one()
    {
        var desk = new SchedulerDesk(Weighted(width: 1));
        desk.Send(new Input.Drain(true)).Ignore();
        foreach (var group in new[] { "gold", "tin" })
            desk.In(group).Submit([.. Enumerable.Range(1, 6).Select(i => $"{group}{i}")]).Ignore();
        desk.Send(new Input.Drain(false));
        var order = RunToTheEnd(desk).Take(6).ToList();
        Assert.Equal(4, order.Count(name => name.StartsWith("gold", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_group_that_was_away_has_saved_up_nothing()
    {
        var desk = new SchedulerDesk();
        desk.In("late").Submit("l0").Expect("start l0 #1").Succeed("l0").Expect("l0 done");
        desk.In("busy").Submit([.. Enumerable.Range(1, 9).Select(i => $"b{i}")]).Expect("start b1 #1");
        for (var i = 1; i <= 5; i++)
            desk.Succeed($"b{i}").Expect($"b{i} done", $"start b{i + 1} #1");
        desk.In("late").Submit("l1", "l2", "l3").Expect();
        Assert.Equal(["b6", "l1", "b7", "l2", "b8", "l3", "b9"], RunToTheEnd(desk));
    }

    [Fact]
    public void Running_work_counts_by_weight_and_not_by_number()
    {
        var desk = new SchedulerDesk(width: 4);
        desk.In("a").Submit(desk.Task("heavy") with { Weight = 2 }).Expect("start heavy #1");
        desk.In("b").Submit("b1", "b2").Expect("start b1 #1", "start b2 #1");
        desk.Submit("b3").Expect();
        desk.In("a").Submit("a2").Expect();
        desk.In("b").Succeed("b1").Expect("b1 done", "start b3 #1");
    }

    [Fact]
    public void Without_fairness_the_order_holds_over_all_groups()
    {
        var desk = new SchedulerDesk(LaneTests.Lane(1, fair: false));
        desk.In("a").Submit("a1", "a2", "a3").Expect("start a1 #1");
        desk.In("b")
            .Submit(desk.Task("b1"), desk.Task("b2") with { Priority = 1 }, desk.Task("b3"), desk.Task("b4", "b3"))
            .Expect();
        Assert.Equal(["a1", "b3", "b2", "a2", "a3", "b1", "b4"], RunToTheEnd(desk));
    }

    [Fact]
    public void A_limit_that_spans_lanes_starves_none_of_them()
    {
        var desk = new SchedulerDesk(
            SchedulerDesk.Options(("x", 1), ("y", 1)) with
            {
                Groups = [new GroupLimits("*") { Running = 1 }],
            }
        );
        desk.Send(new Input.Drain(true)).Ignore();
        foreach (var i in Enumerable.Range(1, 3))
            desk.Submit(
                    desk.Task($"x{i}") with
                    {
                        Lane = new("x"),
                        Priority = 9,
                    },
                    desk.Task($"y{i}") with
                    {
                        Lane = new("y"),
                    }
                )
                .Ignore();
        desk.Send(new Input.Drain(false));
        Assert.Equal(["x1", "y1", "x2", "y2", "x3", "y3"], RunToTheEnd(desk));
    }

    private static SchedulerOptions Weighted(int width) =>
        LaneTests.Lane(width, fair: true) with
        {
            Groups = [new GroupLimits("gold") { Weight = 2 }],
        };

    /// <summary>Ends what runs, the oldest first, until nothing starts any more.</summary>
    private static List<string> RunToTheEnd(SchedulerDesk desk)
    {
        var order = new List<string>();
        desk.Ignore();
        while (desk.Scheduler.Lanes().SelectMany(lane => lane.Running).ToImmutableArray() is [var first, ..])
        {
            order.Add(desk.Name(first));
            desk.In(desk.Scheduler.SpecOf(first)!.Group.Value).Succeed(order[^1]).Ignore();
            Assert.True(order.Count < 100);
        }

        return order;
    }
}
