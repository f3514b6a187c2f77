using CsCheck;

namespace AptTask.Scheduling.Tests;

/// <summary>
/// Sends random inputs to a scheduler and compares each effect with a <see cref="Model"/> that knows the rules but no index: it looks at all tasks
/// each time.
/// </summary>
public class RandomWalkTests
{
    private const int Walks = 500;

    private static readonly Gen<int[]> Steps = Gen.Int[0, int.MaxValue - 1].Array[1, 90];

    [Fact]
    public void Whatever_happens_every_effect_keeps_to_the_rules_and_every_task_ends() =>
        Steps.Sample(
            steps =>
            {
                var walk = new RandomWalk(steps);
                walk.Run();
                walk.BringToAnEnd();
            },
            iter: Walks
        );

    [Fact]
    public void A_scheduler_that_is_restored_from_what_is_stored_stands_where_the_live_one_stands() =>
        Steps.Sample(
            steps =>
            {
                var walk = new RandomWalk(steps);
                walk.Run();
                walk.CompareWithRestored();
            },
            iter: Walks
        );

    [Fact]
    public void The_same_inputs_give_the_same_effects() =>
        Steps.Sample(
            steps =>
            {
                var (one, other) = (new RandomWalk(steps), new RandomWalk(steps));
                one.Run();
                other.Run();
                Assert.Equal(one.Told, other.Told);
            },
            iter: Walks / 10
        );
}
