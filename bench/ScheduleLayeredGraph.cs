using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AptTask.Scheduling;

namespace AptTask.Bench;

/// <summary>
/// What does the scheduler alone cost? A graph in layers of a hundred tasks, each waiting for three of the layer before, is submitted in
/// batches, run to its end and released; then tasks come and go while many others are pending.
/// </summary>
public static class ScheduleLayeredGraph
{
    private const int Layer = 100;
    private const int Batch = 1000;
    private const int LaneWidth = 64;

    private static readonly GroupName Group = new("bench");
    private static readonly LaneName Lane = new("main");
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    /// <summary>Takes the number of tasks (default 1,000,000), and <c>graph-only</c> to leave out the second part, and prints what was measured.</summary>
    public static int Run(string[] args)
    {
        var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        RunGraph(Math.Min(count, 20_000), quiet: true);
        RunGraph(count, quiet: false);
        if (args.Contains("graph-only"))
            return 0;
        foreach (var pending in new[] { 10_000, 100_000, 1_000_000 })
        {
            RunBeside(pending, blocked: true);
            RunBeside(pending, blocked: false);
        }

        return 0;
    }

    private static void RunGraph(int count, bool quiet)
    {
        var batches = Enumerable
            .Range(0, (count + Batch - 1) / Batch)
            .Select(b => MakeGraph(b * Batch, count))
            .ToList();
        var specs = Settled();
        var scheduler = MakeScheduler();
        var running = new Queue<Effect.StartAttempt>();

        // On a machine that others use too, processor time says more than the clock on the wall.
        var used = ProcessorTime();
        var clock = Stopwatch.StartNew();
        var collections = GC.CollectionCount(2);
        foreach (var batch in batches)
            Take(scheduler.Apply(new Input.Submit(batch), Now), running);
        var submitted = clock.Elapsed;
        var pending = GC.GetTotalMemory(forceFullCollection: false);

        clock.Stop();
        used -= ProcessorTime();
        var live = quiet ? pending : Settled();
        used += ProcessorTime();
        clock.Start();

        var finished = 0;
        while (running.TryDequeue(out var start))
        {
            var ended = new Input.AttemptEnded(start.Task, start.Token, AttemptOutcome.Succeeded.Instance);
            Take(scheduler.Apply(ended, Now), running);
            finished++;
        }

        var all = clock.Elapsed;
        used = ProcessorTime() - used;
        if (finished != count)
            throw new InvalidOperationException($"{finished} of {count} tasks ran.");
        if (quiet)
            return;
        Console.WriteLine(
            $"{count:N0} tasks, {Layer} wide, 3 dependencies each: {all.TotalSeconds:0.00} s "
                + $"(submit {submitted.TotalSeconds:0.00} s, run {(all - submitted).TotalSeconds:0.00} s), "
                + $"{count / all.TotalSeconds:N0} tasks/s, {used.TotalSeconds:0.00} s of processor, {GC.CollectionCount(2) - collections} full collections"
        );
        Console.WriteLine(
            $"memory while all are pending: {Mib(live)} MiB, of these the specifications {Mib(specs)} MiB; "
                + $"scheduler {(live - specs) / count:N0} bytes/task; peak of the process {Mib(Environment.WorkingSet)} MiB"
        );
        GC.KeepAlive(batches);
    }

    /// <summary>Tasks come and go while others are pending: blocked behind an open job, or ready in the same lane.</summary>
    private static void RunBeside(int pending, bool blocked)
    {
        const int Rounds = 200_000;
        var scheduler = MakeScheduler();
        var running = new Queue<Effect.StartAttempt>();
        // A heavy head of another group would change the picture; here one group has it all.
        if (!blocked)
            scheduler.Apply(new Input.PauseLane(Lane, Paused: true), Now);
        for (var first = 0; first < pending; first += Batch)
        {
            var tasks = Enumerable.Range(first, Batch).Select(i => MakeTask(i, blocked ? [Never] : []));
            Take(scheduler.Apply(new Input.Submit([.. tasks]), Now), running);
        }

        scheduler
            .Apply(new Input.PauseLane(Lane, Paused: false), Now)
            .OfType<Effect.StartAttempt>()
            .ToList()
            .ForEach(running.Enqueue);
        var rounds = Enumerable.Range(pending, Rounds).Select(i => new Input.Submit([MakeTask(i, [])])).ToList();
        var used = ProcessorTime();
        var clock = Stopwatch.StartNew();
        foreach (var submit in rounds)
        {
            Take(scheduler.Apply(submit, Now), running);
            var start = running.Dequeue();
            Take(
                scheduler.Apply(
                    new Input.AttemptEnded(start.Task, start.Token, AttemptOutcome.Succeeded.Instance),
                    Now
                ),
                running
            );
            scheduler.Apply(new Input.Release(start.Task), Now);
        }

        var each = clock.Elapsed / Rounds;
        used = (ProcessorTime() - used) / Rounds;
        Console.WriteLine(
            $"beside {pending, 9:N0} {(blocked ? "waiting" : "ready  ")} tasks: submit + run + end + release {each.TotalNanoseconds:N0} ns, {used.TotalNanoseconds:N0} ns of processor"
        );
    }

    private static Dependency Never { get; } = new(new JobId("never"));

    private static Scheduler MakeScheduler() =>
        new(
            new SchedulerOptions
            {
                Lanes = ImmutableDictionary<LaneName, LaneOptions>.Empty.Add(
                    Lane,
                    new LaneOptions(LaneWidth, Fair: true, [])
                ),
            },
            default
        );

    private static ImmutableArray<TaskSpec> MakeGraph(int first, int count) =>
        [.. Enumerable.Range(first, Math.Min(Batch, count - first)).Select(i => MakeTask(i, Above(i)))];

    private static ImmutableArray<Dependency> Above(int index)
    {
        var layer = (index / Layer * Layer) - Layer;
        if (layer < 0)
            return [];
        var at = index % Layer;
        return [Job(layer + at), Job(layer + ((at + 1) % Layer)), Job(layer + (((at * 7) + 3) % Layer))];

        static Dependency Job(int i) => new(new JobId(Name(i)));
    }

    private static TaskSpec MakeTask(int index, ImmutableArray<Dependency> waitFor) =>
        new()
        {
            Id = new TaskId(index + 1),
            Group = Group,
            Lane = Lane,
            Job = new JobId(Name(index)),
            WaitFor = waitFor,
        };

    // As in a daemon that reads requests, each mention of a job is a string of its own until someone makes them one.
    private static string Name(int index) => $"t{index}";

    private static void Take(IReadOnlyList<Effect> effects, Queue<Effect.StartAttempt> running)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            if (effects[i] is Effect.StartAttempt start)
                running.Enqueue(start);
        }
    }

    private static TimeSpan ProcessorTime()
    {
        using var own = Process.GetCurrentProcess();
        return own.TotalProcessorTime;
    }

    private static long Settled() => GC.GetTotalMemory(forceFullCollection: true);

    private static string Mib(long bytes) => (bytes / 1048576.0).ToString("N0", CultureInfo.InvariantCulture);
}
