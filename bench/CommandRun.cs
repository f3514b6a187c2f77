using System.Diagnostics;
using System.Text;

namespace AptTask.Bench;

/// <summary>What does the daemon add to starting a program? The same /bin/true, two at once, by the daemon and by make, in turn.</summary>
internal static class CommandRun
{
    public static async Task<int> RunAsync(Options options)
    {
        var count = options.Number("count", 1_000);
        var rounds = options.Number("rounds", 3);
        await using var daemon = await DaemonProcess.StartAsync(options, width: 2);
        await using var connection = await LineConnection.ToPortAsync(daemon.Port);
        await RunByDaemonAsync(connection, 100);

        var (byDaemon, byMake) = (new List<double>(), new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            byDaemon.Add(count / (await RunByDaemonAsync(connection, count)).TotalSeconds);
            byMake.Add(count / (await RunByMakeAsync(count)).TotalSeconds);
            Console.WriteLine(
                $"round {round}: aptaskd {byDaemon[^1]:N0}/s, make -j2 {byMake[^1]:N0}/s, ratio {byDaemon[^1] / byMake[^1]:P0}"
            );
        }

        byDaemon.Sort();
        byMake.Sort();
        var (daemonMedian, makeMedian) = (byDaemon[rounds / 2], byMake[rounds / 2]);
        Console.WriteLine(
            $"median:  aptaskd {daemonMedian:N0}/s, make -j2 {makeMedian:N0}/s, ratio {daemonMedian / makeMedian:P0}"
        );
        return 0;
    }

    private static async Task<TimeSpan> RunByDaemonAsync(LineConnection connection, int count)
    {
        var orders = string.Join(',', Enumerable.Repeat("{\"name\":\"sys.true\"}", count));
        var started = Stopwatch.GetTimestamp();
        var submitted = await connection.AskAsync($"{{\"request\":\"submit\",\"tasks\":[{orders}]}}");
        if (!submitted.Contains("\"status\":\"ok\"", StringComparison.Ordinal))
            throw new InvalidOperationException($"Refused: {submitted[..Math.Min(300, submitted.Length)]}");
        var tasks = submitted[
            submitted.IndexOf('[', StringComparison.Ordinal)..(submitted.IndexOf(']', StringComparison.Ordinal) + 1)
        ];
        var waited = await connection.AskAsync($"{{\"request\":\"wait\",\"taskids\":{tasks}}}");
        var took = Stopwatch.GetElapsedTime(started);
        var done = waited.Split("\"state\":\"done\"").Length - 1;
        if (done != count)
            throw new InvalidOperationException(
                $"Only {done} of {count} commands are done: {waited[..Math.Min(500, waited.Length)]}"
            );
        await connection.AskAsync($"{{\"request\":\"ack\",\"taskids\":{tasks}}}");
        return took;
    }

    private static async Task<TimeSpan> RunByMakeAsync(int count)
    {
        var names = Enumerable.Range(1, count).Select(number => $"t{number}").ToList();
        var makefile = new StringBuilder($".PHONY: all {string.Join(' ', names)}\nall: {string.Join(' ', names)}\n");
        foreach (var name in names)
            makefile.Append($"{name}:\n\t@/bin/true\n");

        using var make = new Process
        {
            StartInfo = new ProcessStartInfo("make", ["-j2", "-f", "-"])
            {
                RedirectStandardInput = true,
                UseShellExecute = false,
            },
        };
        var started = Stopwatch.GetTimestamp();
        make.Start();
        await make.StandardInput.WriteAsync(makefile);
        make.StandardInput.Close();
        await make.WaitForExitAsync();
        return make.ExitCode == 0
            ? Stopwatch.GetElapsedTime(started)
            : throw new InvalidOperationException($"make ended with {make.ExitCode}");
    }
}
