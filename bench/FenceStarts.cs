using System.Diagnostics;
using AptTask.Host.Configuration;
using AptTask.Host.Execution.Commands;
using AptTask.Host.Execution.Sandbox;
using CliWrap;

namespace AptTask.Bench;

/// <summary>
/// What does a fence cost? /bin/true one after the other: bare by a shell script, in the same chain of tools by a shell script, and by the
/// daemon's runner, which also reads output, counts what was used and waits until nothing is left. In turn, in one run.
/// </summary>
internal static class FenceStarts
{
    private const string Program = "/usr/bin/true";
    private const string Shell = "/bin/sh";

    public static async Task<int> RunAsync(Options options)
    {
        var count = options.Number("count", 200);
        var rounds = options.Number("rounds", 5);
        var sandbox = DaemonOptions.Defaults("/").Sandbox;
        var user = Environment.IsPrivilegedProcess ? UserTable.Find(sandbox.User) : null;
        var limits = new CommandLimits
        {
            Cpu = TimeSpan.FromMinutes(1),
            Memory = 512L * 1024 * 1024,
            Processes = 10_000,
            Files = 256,
        };
        var measured = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        for (var round = 0; round <= rounds; round++)
        {
            await MeasureAsync("bare, by a script", () => ScriptAsync([Program], count));
            foreach (var profile in new[] { SandboxProfile.Limits, SandboxProfile.Restricted, SandboxProfile.Isolated })
            {
                var plain = new FenceRequest(profile, limits, user, sandbox with { UseCgroups = false });
                var name = profile.ToString().ToLowerInvariant();
                await MeasureAsync($"{name}, tools, by a script", () => ScriptChainAsync(plain, count));
                await MeasureAsync($"{name}, tools, by the daemon's runner", () => RunnerAsync(plain, count));
                var built = plain with { Launcher = Launchers.Find(plain) };
                await MeasureAsync($"{name}, by the daemon's runner", () => RunnerAsync(built, count));
                var grouped = built with { Tools = sandbox };
                if (ControlGroups.OfThisProcess.IsThere)
                    await MeasureAsync(
                        $"{name} and cgroups, by the daemon's runner",
                        () => RunnerAsync(grouped, count)
                    );
            }
            // The first round warms up.
            if (round == 0)
                measured.Clear();
        }
        foreach (var (what, times) in measured)
        {
            times.Sort();
            Console.WriteLine($"{what, -48} {times[times.Count / 2], 7:N2} ms  (best {times[0]:N2})");
        }
        return 0;

        async Task MeasureAsync(string what, Func<Task> run)
        {
            var started = Stopwatch.GetTimestamp();
            await run();
            var each = Stopwatch.GetElapsedTime(started).TotalMilliseconds / count;
            if (!measured.TryGetValue(what, out var times))
                times = measured[what] = [];
            times.Add(each);
        }
    }

    private static async Task RunnerAsync(FenceRequest fence, int count)
    {
        var runner = new CommandRunner(Spawner.OfThisProcess, TimeProvider.System);
        var plan = new RunPlan
        {
            Fence = fence,
            Command = [Program],
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
            Grace = TimeSpan.Zero,
        };
        for (var i = 0; i < count; i++)
        {
            var end = await runner.RunAsync(
                plan,
                PipeTarget.Null,
                PipeTarget.Null,
                CancellationToken.None,
                CancellationToken.None
            );
            if (end.ExitCode != 0)
                throw new InvalidOperationException($"{fence.Profile} ended with {end.ExitCode}.");
        }
    }

    private static async Task ScriptChainAsync(FenceRequest fence, int count)
    {
        var start = FencedStart.Open(Spawner.OfThisProcess, fence);
        try
        {
            var launch = start.Plan([Program]);
            await ScriptAsync([launch.Program, .. launch.Arguments], count);
        }
        finally
        {
            start.Abandon();
        }
    }

    private static async Task ScriptAsync(string[] line, int count)
    {
        var quoted = line.Select(word => "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'");
        var script =
            $"i=0; while [ $i -lt {count} ]; do {string.Join(' ', quoted)} </dev/null >/dev/null || exit 1; i=$((i+1)); done";
        using var process = Process.Start(Shell, ["-c", script]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The script ended with {process.ExitCode}: {string.Join(' ', line)}");
    }
}
