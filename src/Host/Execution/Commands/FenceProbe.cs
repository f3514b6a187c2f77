using System.Text;
using AptTask.Host.Configuration;
using AptTask.Host.Execution.Sandbox;
using CliWrap;

namespace AptTask.Host.Execution.Commands;

/// <summary>Builds a fence around a harmless program that shows its own state, and looks whether the fence is there.</summary>
internal static class FenceProbe
{
    private const string Program = "/usr/bin/cat";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What is wrong with a fence on this machine; null when it holds.</summary>
    public static async Task<string?> TryAsync(FenceRequest request, TimeProvider time)
    {
        if (FenceCheck.Refuse(request, Environment.IsPrivilegedProcess) is { } refused)
            return refused;
        if (!File.Exists(Program))
            return $"{Program} is not there, so the fence could not be tried";
        var output = new StringBuilder();
        var errors = new StringBuilder();
        using var patience = new CancellationTokenSource(Patience, time);
        var plan = new RunPlan
        {
            Launch = Fence.Plan(request, [Program, "/proc/self/status", "/proc/self/stat"]),
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
            WorkingFolder = "/",
            Grace = TimeSpan.Zero,
        };
        var end = await new CommandRunner(Spawner.OfThisProcess, time).RunAsync(
            plan,
            PipeTarget.ToStringBuilder(output),
            PipeTarget.ToStringBuilder(errors),
            patience.Token,
            CancellationToken.None
        );
        return end.ExitCode == 0
            ? Judge(request, output.ToString())
            : $"it could not be built (exit code {end.ExitCode}): {Printable.Of(errors.ToString().Trim())}";
    }

    /// <summary>What is missing in the state that the program has shown. Pure.</summary>
    public static string? Judge(FenceRequest request, string shown)
    {
        var status = shown
            .Split('\n')
            .Select(line => line.Split(":\t"))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);
        var stat = shown[(shown.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (stat.Length < 4 || stat[2] != status["Pid"] || stat[3] != status["Pid"])
            return "the command has no session and process group of its own";
        if (Convert.ToUInt64(status["SigIgn"], 16) != 0)
            return "the command starts with ignored signals";
        if (request.Profile == SandboxProfile.None)
            return null;
        if (status["NoNewPrivs"] != "1")
            return "the command could gain privileges";
        if (request.User is not { } user)
            return null;
        if (status["Uid"].Split('\t').Any(uid => uid != $"{user.Uid}"))
            return $"the command does not run as {user.Name}";
        return Convert.ToUInt64(status["CapBnd"], 16) == 0 ? null : "the command keeps capabilities within reach";
    }
}
