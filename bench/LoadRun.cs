using System.Diagnostics;
using System.Globalization;

namespace AptTask.Bench;

/// <summary>
/// How many tasks a second does the whole daemon take, run and give back over TCP; how long does one take when there is nothing
/// else; what does a pending task weigh; and does the rate hold while many are pending?
/// </summary>
internal static class LoadRun
{
    public static async Task<int> RunAsync(Options options)
    {
        var tasks = options.Number("tasks", 100_000);
        var window = options.Number("window", 8_000);
        var batch = options.Number("batch", 500);
        // No task runs ahead of its place, and each start is written first: a place is used once a commit at the most.
        // Of worker processes there is one for each place, so there are fewer.
        var width = options.Number("width", options.Isolation == "process" ? 16 : 256);

        Console.WriteLine(
            $"durability {options.Durability}, {tasks:N0} tasks, at most {window:N0} under way, {batch} to a batch, {width} places, isolation {options.Isolation}"
        );
        await BaselinesAsync(tasks, window, batch, options.Durability);

        await using var daemon = await DaemonProcess.StartAsync(options, width);
        await RatesAsync(daemon, tasks, window, batch);
        await LatencyAsync(daemon, options.Number("samples", 2_000));
        if (options.Isolation == "process")
            ShowWorkers();
        await PendingAsync(daemon, options.Numbers("pending", "10000,100000,1000000"), tasks, window, batch);
        await BaselinesAsync(tasks, window, batch, options.Durability);
        return 0;
    }

    /// <summary>What the idle workers hold: memory that they share with nobody, and their share of what they share.</summary>
    private static void ShowWorkers()
    {
        var workers = DaemonProcess.Workers;
        Console.WriteLine(
            $"{workers.Count} workers: PSS {workers.Average(worker => worker.Shared) / 1024.0 / 1024.0:N1} MiB, of their own {workers.Average(worker => worker.Own) / 1024.0 / 1024.0:N1} MiB on average"
        );
    }

    private static async Task BaselinesAsync(int tasks, int window, int batch, string durability)
    {
        await using (var echo = await EchoServer.StartAsync())
        {
            // Echoing is so quick that as many lines as there are tasks would be over before the clock has ticked much.
            const int Times = 20;
            await echo.MeasureAsync(tasks, window);
            Say("baseline: lines echoed", tasks * Times, await echo.MeasureAsync(tasks * Times, window), "lines/s");
        }

        Say("baseline: bare inserts", tasks, BareInserts.Measure(tasks, batch, durability), "rows/s");
    }

    private static async Task RatesAsync(DaemonProcess daemon, int tasks, int window, int batch)
    {
        await using var connection = await LineConnection.ToPortAsync(daemon.Port);
        var client = new TaskClient(connection, window, batch);
        await client.RunAsync(Math.Min(tasks, 20_000), singly: false);
        for (var round = 1; round <= 3; round++)
        {
            Say($"submit batches, round {round}", tasks, await client.RunAsync(tasks, singly: false), "tasks/s");
            Say($"single starts, round {round}", tasks, await client.RunAsync(tasks, singly: true), "tasks/s");
        }
    }

    private static async Task LatencyAsync(DaemonProcess daemon, int samples)
    {
        const int Warmup = 500;
        await using var connection = await LineConnection.ToPortAsync(daemon.Port);
        var times = new List<double>(samples);
        for (var i = -Warmup; i < samples; i++)
        {
            var job = $"one-{i + Warmup}";
            var started = Stopwatch.GetTimestamp();
            // Start and wait go out together; the answer to the wait is the end of the task.
            await connection.AskAsync(
                $"{{\"request\":\"start\",\"name\":\"demo.noop\",\"jobid\":\"{job}\"}}\n{{\"request\":\"wait\",\"jobids\":[\"{job}\"]}}"
            );
            await connection.ReadUntilAsync(_ => true);
            var result = await connection.AskAsync($"{{\"request\":\"result\",\"jobid\":\"{job}\"}}");
            var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (!result.Contains("\"state\":\"done\"", StringComparison.Ordinal))
                throw new InvalidOperationException($"Not done: {result}");
            await connection.AskAsync($"{{\"request\":\"ack\",\"jobid\":\"{job}\"}}");
            if (i >= 0)
                times.Add(took);
        }

        times.Sort();
        Console.WriteLine(
            $"{"one task, idle daemon", -34} p50 {times[samples / 2]:F3} ms, p90 {times[samples * 9 / 10]:F3} ms, p99 {times[samples * 99 / 100]:F3} ms ({samples:N0} samples)"
        );
    }

    private static async Task PendingAsync(
        DaemonProcess daemon,
        IReadOnlyList<int> counts,
        int tasks,
        int window,
        int batch
    )
    {
        // The socket's peer is the daemon's own user, which makes it an administrator.
        await using var administrator = await LineConnection.ToSocketAsync(daemon.Socket);
        await administrator.AskAsync($"{{\"request\":\"pause\",\"lane\":\"{DaemonProcess.ParkingLane}\"}}");
        await using var connection = await LineConnection.ToPortAsync(daemon.Port);
        var client = new TaskClient(connection, window, batch);

        var before = daemon.ResidentBytes;
        var parked = 0;
        foreach (var count in counts)
        {
            var started = Stopwatch.GetTimestamp();
            await ParkAsync(connection, count - parked);
            var took = Stopwatch.GetElapsedTime(started);
            Say($"parking up to {count:N0}", count - parked, took, "tasks/s");
            parked = count;

            var each = (daemon.ResidentBytes - before) / (double)count;
            Console.WriteLine(
                $"{"  memory of a pending task", -34} {each:N0} bytes ({daemon.ResidentBytes / 1048576.0:N0} MiB in all)"
            );
            Say($"  submit batches, {count:N0} pending", tasks, await client.RunAsync(tasks, singly: false), "tasks/s");
        }
    }

    private static async Task ParkAsync(LineConnection connection, int count)
    {
        const int Batch = 1_000;
        var order = $"{{\"name\":\"demo.noop\",\"lane\":\"{DaemonProcess.ParkingLane}\"}}";
        for (var left = count; left > 0; left -= Batch)
        {
            var orders = string.Join(',', Enumerable.Repeat(order, Math.Min(Batch, left)));
            var answer = await connection.AskAsync($"{{\"request\":\"submit\",\"tasks\":[{orders}]}}");
            if (!answer.Contains("\"status\":\"ok\"", StringComparison.Ordinal))
                throw new InvalidOperationException($"Refused: {answer[..Math.Min(300, answer.Length)]}");
        }
    }

    internal static void Say(string what, int count, TimeSpan took, string unit) =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what, -34} {count / took.TotalSeconds, 10:N0} {unit}   {took.TotalSeconds:F2} s"
            )
        );
}
