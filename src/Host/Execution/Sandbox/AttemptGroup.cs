using System.Collections.Immutable;
using System.Globalization;
using AptTask.Host.Configuration;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>The group of the kernel of one attempt: one folder in each hierarchy.</summary>
internal sealed class AttemptGroup(ImmutableArray<Hierarchy> folders)
{
    private const string Members = "cgroup.procs";

    /// <summary>What a process writes "0" into to join.</summary>
    public ImmutableArray<string> Joins { get; } = [.. folders.Select(one => Path.Combine(one.Folder, Members))];

    /// <summary>Makes the folders and sets the bounds.</summary>
    public void Make(CommandLimits limits, int others)
    {
        foreach (var one in folders)
        {
            Directory.CreateDirectory(one.Folder);
            if (limits.Memory is { } memory && one.Controllers.Contains("memory"))
                BoundMemory(one, memory);
            if (limits.Processes is { } processes && one.Controllers.Contains("pids"))
                Write(one, "pids.max", processes + others);
        }
    }

    /// <summary>Kills all that are in it. Answers whether there were any. All folders have the same members.</summary>
    public bool Kill() => KillAll(folders[0].Folder);

    /// <summary>What all that were in it have used.</summary>
    public FenceUsage Usage()
    {
        const double nanoseconds = 1e9;
        const double microseconds = 1e6;
        var usage = FenceUsage.Unknown;
        foreach (var one in folders)
        {
            usage =
                one.Version == 2
                    ? usage with
                    {
                        CpuSeconds = Number(one, "cpu.stat", "usage_usec") / microseconds,
                        PeakMemory = Number(one, "memory.peak"),
                        OutOfMemory = Number(one, "memory.events", "oom_kill") ?? 0,
                        OutOfProcesses = Number(one, "pids.events", "max") ?? 0,
                    }
                    : usage with
                    {
                        CpuSeconds = usage.CpuSeconds ?? (Number(one, "cpuacct.usage") / nanoseconds),
                        PeakMemory = usage.PeakMemory ?? Number(one, "memory.max_usage_in_bytes"),
                        OutOfMemory = usage.OutOfMemory + (Number(one, "memory.oom_control", "oom_kill") ?? 0),
                        OutOfProcesses = usage.OutOfProcesses + (Number(one, "pids.events", "max") ?? 0),
                    };
        }
        return usage;
    }

    /// <summary>Removes the folders. One that still has somebody in it stays, and is swept by the next daemon.</summary>
    public void Remove()
    {
        foreach (var one in folders)
        {
            try
            {
                Directory.Delete(one.Folder);
            }
            catch (IOException)
            {
                // Somebody who cannot die yet is in it.
            }
        }
    }

    /// <summary>Kills all that are in a folder of groups. Answers whether there were any.</summary>
    public static bool KillAll(string folder)
    {
        var members = Path.Combine(folder, Members);
        if (!File.Exists(members) || File.ReadAllText(members) is not { Length: > 0 } text)
            return false;
        // All at once where the kernel has that, so that nobody escapes by forking faster.
        var all = Path.Combine(folder, "cgroup.kill");
        if (File.Exists(all))
            File.WriteAllText(all, "1");
        else
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Native.Signal(int.Parse(line, CultureInfo.InvariantCulture), Native.SignalKill);
        return true;
    }

    private static void BoundMemory(Hierarchy one, long bytes)
    {
        if (one.Version == 2)
        {
            Write(one, "memory.max", bytes);
            WriteIfThere(one, "memory.swap.max", 0);
            WriteIfThere(one, "memory.oom.group", 1);
            return;
        }
        Write(one, "memory.limit_in_bytes", bytes);
        // Memory and swap together; where swap is not counted the file is not there.
        WriteIfThere(one, "memory.memsw.limit_in_bytes", bytes);
    }

    private static void WriteIfThere(Hierarchy one, string file, long value)
    {
        if (File.Exists(Path.Combine(one.Folder, file)))
            Write(one, file, value);
    }

    private static void Write(Hierarchy one, string file, long value) =>
        File.WriteAllText(Path.Combine(one.Folder, file), value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number that is the whole file, or stands after a word in it; null when it is not there.</summary>
    private static long? Number(Hierarchy one, string file, string? word = null)
    {
        var path = Path.Combine(one.Folder, file);
        if (!File.Exists(path))
            return null;
        var line = word is null
            ? File.ReadAllText(path)
            : File.ReadLines(path).FirstOrDefault(line => line.StartsWith(word + " ", StringComparison.Ordinal));
        return long.TryParse(line?.Split(' ')[^1], NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }
}
