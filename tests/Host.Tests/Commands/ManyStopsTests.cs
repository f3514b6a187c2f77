using AptTask.Host.Engine;
using AptTask.Host.Tests.Sandbox;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Commands;

public sealed class ManyStopsTests
{
    private const int Count = 1_000;
    private const int AtOnce = 24;

    [Fact]
    public async Task A_thousand_stops_at_random_moments_leave_no_process()
    {
        Needs.Of("bwrap", "userns");
        var seconds = Bench.UniqueSeconds();
        var script =
            $"trap '' TERM; (setsid sh -c \"trap '' TERM; sleep {seconds} & sleep {seconds}\" &); setsid sleep {seconds} & sleep {seconds}; sleep {seconds}";
        IRunnableRoutine[] routines =
        [
            .. new[] { "isolated", "restricted", "limits" }.Select(fence =>
                Bench.Routine("/usr/bin/sh", $"args = [\"-c\", '''{script}''']\ngrace = \"20ms\"", sandbox: fence)
            ),
        ];
        var stopped = 0;

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (number, cancelled) =>
            {
                // The same moments in every run; what they meet differs.
                var moment = new Random(number).Next(300);
                using var stop = new CancellationTokenSource();
                using var force = new CancellationTokenSource();
                using var attempt = Bench.Attempt(stop: stop.Token, force: force.Token);
                (number % 5 == 0 ? force : stop).CancelAfter(moment);
                var end = await routines[number % routines.Length]
                    .RunAsync(attempt)
                    .WaitAsync(Bench.Patience, cancelled);
                if (end.Outcome is AttemptOutcome.Stopped)
                    Interlocked.Increment(ref stopped);
            }
        );

        Assert.Equal(Count, stopped);
        Assert.Empty(Bench.Processes(seconds));
        await Bench.UntilAsync(() => Bench.Zombies().Length == 0, "zombies are reaped");
    }
}
