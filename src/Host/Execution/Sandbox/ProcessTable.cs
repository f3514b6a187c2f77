using System.Globalization;
using System.Text;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>Reads the table of processes. Every answer may be old when it arrives.</summary>
internal static class ProcessTable
{
    /// <summary>A process as the table shows it.</summary>
    /// <param name="Pid">Its number.</param>
    /// <param name="Parent">Its parent's.</param>
    /// <param name="Session">Its session's.</param>
    /// <param name="HasEnded">It has ended and waits to be reaped.</param>
    public readonly record struct Row(int Pid, int Parent, int Session, bool HasEnded);

    private static readonly string OrphansFile = $"/proc/self/task/{Environment.ProcessId}/children";

    /// <summary>The session of this process.</summary>
    public static int OwnSession { get; } = Find(Environment.ProcessId)?.Session ?? 0;

    /// <summary>
    /// The orphans that this process has inherited: the system gives them to its first thread. What other threads started
    /// stands with those threads, so the list is short and mostly empty.
    /// </summary>
    public static List<int> Orphans()
    {
        if (TryRead(OrphansFile) is not { } bytes)
            return [.. All().Where(row => row.Parent == Environment.ProcessId).Select(row => row.Pid)];
        return bytes.Length == 0 ? [] : Numbers(bytes);
    }

    /// <summary>Whether a process has started others that have not been reaped. True where that cannot be seen.</summary>
    public static bool HasChildren(int pid) => TryRead($"/proc/{pid}/task/{pid}/children") is not { Length: 0 };

    /// <summary>A process and everything below it.</summary>
    public static List<int> Tree(int root)
    {
        var children = All().ToLookup(row => row.Parent, row => row.Pid);
        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
            tree.AddRange(children[tree[i]].Except(tree));
        return tree;
    }

    /// <summary>Every process.</summary>
    public static IEnumerable<Row> All()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && Find(pid) is { } row
            )
                yield return row;
        }
    }

    /// <summary>One process; null when it is gone.</summary>
    public static Row? Find(int pid)
    {
        if (TryRead($"/proc/{pid}/stat") is not { } bytes)
            return null;
        // The name stands in brackets and may hold anything, brackets too: what counts follows the last one.
        var text = Encoding.ASCII.GetString(bytes.AsSpan(bytes.AsSpan().LastIndexOf((byte)')') + 1));
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length < 4
            ? null
            : new Row(pid, Number(fields[1]), Number(fields[3]), HasEnded: fields[0] is "Z" or "X");
    }

    /// <summary>The value of a variable in the environment that a process was started with; null without it or when it may not be read.</summary>
    public static string? Variable(int pid, string name)
    {
        if (TryRead($"/proc/{pid}/environ") is not { } bytes)
            return null;
        var prefix = name + "=";
        return Encoding
            .UTF8.GetString(bytes)
            .Split('\0')
            .FirstOrDefault(pair => pair.StartsWith(prefix, StringComparison.Ordinal))
            ?[prefix.Length..];
    }

    /// <summary>Processor seconds and peak memory of one process that still runs; null where it cannot be seen.</summary>
    public static (double? CpuSeconds, long? PeakMemory) Usage(int pid)
    {
        // The kernel counts in hundredths of a second for this file, whatever it counts in itself.
        const double ticksPerSecond = 100;
        if (TryRead($"/proc/{pid}/stat") is not { } stat || TryRead($"/proc/{pid}/status") is not { } status)
            return (null, null);
        var fields = Encoding
            .ASCII.GetString(stat.AsSpan(stat.AsSpan().LastIndexOf((byte)')') + 1))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var peak = Encoding
            .ASCII.GetString(status)
            .Split('\n')
            .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        double? cpu = fields.Length < 15 ? null : fields[11..15].Sum(Number) / ticksPerSecond;
        return (
            cpu,
            peak is null ? null : Number(peak[6..].Replace("kB", "", StringComparison.Ordinal).Trim()) * 1024L
        );
    }

    private static List<int> Numbers(byte[] bytes) =>
        [.. Encoding.ASCII.GetString(bytes).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Number)];

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static byte[]? TryRead(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // Processes end while they are looked at; that one then has nothing to say.
            return null;
        }
    }
}
