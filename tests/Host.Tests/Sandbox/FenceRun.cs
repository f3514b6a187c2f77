using System.Diagnostics;
using System.Globalization;
using AptTask.Host.Configuration;
using AptTask.Host.Execution.Sandbox;
using AptTask.Host.Tests.Commands;

namespace AptTask.Host.Tests.Sandbox;

/// <summary>Starts something in a fence by hand, so that its line can be changed.</summary>
internal static class FenceRun
{
    public static SandboxOptions Options { get; } = DaemonOptions.Defaults("/x").Sandbox;

    /// <summary>Whom fences are for: a daemon that is root changes to nobody.</summary>
    public static Subject? User { get; } = Environment.IsPrivilegedProcess ? UserTable.Find("nobody") : null;

    public sealed record Outcome(int ExitCode, string Output, string Errors, FenceEnd End);

    public static FenceRequest Request(SandboxProfile profile, FenceView? view = null, bool withTools = false)
    {
        var request = new FenceRequest(profile, new CommandLimits { Files = 256, Processes = 64 }, User, Options)
        {
            View = view ?? FenceView.Nothing,
        };
        return withTools ? request : request with { Launcher = Launchers.Find(request) };
    }

    public static async Task<Outcome> RunAsync(
        FenceRequest request,
        string[] command,
        Func<List<string>, List<string>>? change = null
    )
    {
        var spawner = Spawner.OfThisProcess;
        var start = FencedStart.Open(spawner, request);
        var launch = start.Plan(command);
        List<string> line = [launch.Program, .. launch.Arguments];
        line = change?.Invoke(line) ?? line;
        using var process = await spawner.StartAsync(() =>
        {
            var info = new ProcessStartInfo(line[0], line[1..])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            };
            info.Environment.Clear();
            info.Environment["PATH"] = "/usr/bin:/bin";
            info.Environment[Spawner.MarkVariable] = start.Mark;
            var started = Process.Start(info)!;
            spawner.Strays.Add(start.Mark, started.Id);
            return started;
        });
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Bench.Patience);
        var end = await start.EndAsync(process.Id);
        return new Outcome(process.ExitCode, await output, await errors, end);
    }

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
