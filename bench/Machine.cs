using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AptTask.Bench;

/// <summary>Where and on what a figure was measured; a figure without that is none.</summary>
internal static class Machine
{
    public static void Print()
    {
        Console.WriteLine($"date     {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm}Z");
        Console.WriteLine($"commit   {Commit()}");
        Console.WriteLine(
            $"machine  {Processor()}, {Environment.ProcessorCount} cores, {Memory()}, {RuntimeInformation.OSDescription}"
        );
        Console.WriteLine($"runtime  {RuntimeInformation.FrameworkDescription}, load before the run {LoadAverage()}");
        Console.WriteLine();
    }

    private static string Commit()
    {
        var commit = Git("rev-parse", "--short=12", "HEAD");
        return Git("status", "--porcelain").Length == 0 ? commit : $"{commit} with changes";
    }

    private static string Git(params string[] arguments)
    {
        using var git = Process.Start(
            new ProcessStartInfo("git", arguments)
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
                WorkingDirectory = Tree.Root,
            }
        )!;
        var output = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return output;
    }

    private static string Processor() =>
        Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string Memory() => Field("/proc/meminfo", "MemTotal") ?? "memory unknown";

    private static string LoadAverage() =>
        File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string? Field(string file, string name) =>
        File.Exists(file)
            ? File.ReadLines(file)
                .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))
                ?.Split(':', 2)[1]
                .Trim()
            : null;
}
