using System.Globalization;
using System.Text;
using AptTask.Host.Configuration;
using AptTask.Host.Execution.Sandbox;
using CliWrap;

namespace AptTask.Host.Execution.Commands;

/// <summary>Builds a fence around a harmless program that shows its own state, and looks whether the fence is there.</summary>
internal static class FenceProbe
{
    private const string Program = "/usr/bin/cat";
    private const string StatName = "(cat)";

    private static readonly string[] OfNamespaces = ["/proc/net/dev", "/proc/self/mountinfo"];
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
            Fence = request,
            Command = [Program, "/proc/self/status", "/proc/self/stat", .. request.HasNamespaces ? OfNamespaces : []],
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
            Grace = TimeSpan.Zero,
        };
        var end = await new CommandRunner(Spawner.OfThisProcess, time).RunAsync(
            plan,
            PipeTarget.ToStringBuilder(output),
            PipeTarget.ToStringBuilder(errors),
            patience.Token,
            CancellationToken.None
        );
        if (end.IsUnbuilt || end.ExitCode != 0)
            return Remedies.Explain(errors.ToString());
        return Judge(request, output.ToString());
    }

    /// <summary>What is missing in the state that the program has shown. Pure.</summary>
    public static string? Judge(FenceRequest request, string shown)
    {
        var status = shown
            .Split('\n')
            .Select(line => line.Split(":\t"))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);
        if (!status.ContainsKey("Pid"))
            return "the tools ended without having run the command";
        var stat = shown[(shown.LastIndexOf(StatName, StringComparison.Ordinal) + StatName.Length)..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // The session is the command's own, or that of the first process of its namespace.
        var leader = request.HasNamespaces ? "1" : status["Pid"];
        if (stat.Length < 4 || stat[2] != leader || stat[3] != leader)
            return "the command has no session and process group of its own";
        if (Convert.ToUInt64(status["SigIgn"], 16) != 0)
            return "the command starts with ignored signals";
        if (request.Profile == SandboxProfile.None)
            return null;
        if (status["NoNewPrivs"] != "1")
            return "the command could gain privileges";
        if (request.User is { } user && status["Uid"].Split('\t').Any(uid => uid != $"{user.Uid}"))
            return $"the command does not run as {user.Name}";
        if ((request.User is not null || request.HasNamespaces) && Convert.ToUInt64(status["CapBnd"], 16) != 0)
            return "the command keeps capabilities within reach";
        return request.HasNamespaces ? JudgeNamespaces(request, status, shown) : null;
    }

    private static string? JudgeNamespaces(FenceRequest request, Dictionary<string, string> status, string shown)
    {
        const int fewProcesses = 16;
        if (status["Seccomp"] != "2")
            return "the command's system calls are not filtered";
        if (int.Parse(status["Pid"], CultureInfo.InvariantCulture) > fewProcesses)
            return "the command sees the processes of the machine";
        var lines = shown.Split('\n');
        var devices = lines.Where(line => line.Contains(':', StringComparison.Ordinal) && line.Count(' '.Equals) > 16);
        if (
            !request.View.HostNetwork
            && devices.Any(line => !line.TrimStart().StartsWith("lo:", StringComparison.Ordinal))
        )
            return "the command sees the network of the machine";
        var root = Array.Find(
            lines,
            line => line.Contains(" / / ", StringComparison.Ordinal) || line.Split(' ') is [_, _, _, _, "/", ..]
        );
        if (root is null || !root.Split(' ')[5].Split(',').Contains("ro"))
            return "the command could write to the root of the file system";
        return request.Profile == SandboxProfile.Isolated && !root.Contains(" - tmpfs ", StringComparison.Ordinal)
            ? "the command sees the files of the machine"
            : null;
    }
}
