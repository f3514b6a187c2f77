using System.Collections.Immutable;
using System.Globalization;
using AptTask.Host.Configuration;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>
/// The groups of the kernel (cgroups) that this daemon may make: below its own, one for each attempt, so that memory, processes and
/// processor time are counted for all processes of an attempt together. Version 2 where it was delegated, version 1 as root.
/// </summary>
/// <remarks>What a daemon leaves behind that was killed is swept by the next one that starts in the same place.</remarks>
internal sealed class ControlGroups
{
    private const string Prefix = "aptask-";
    private const string Own = Prefix + "daemon";

    private static readonly Lazy<ControlGroups> Instance = new(Look);

    private readonly ImmutableArray<Hierarchy> _hierarchies;
    private long _groups;

    private ControlGroups(ImmutableArray<Hierarchy> hierarchies, string? refusal)
    {
        _hierarchies = hierarchies;
        Refusal = refusal;
        if (!hierarchies.IsEmpty)
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove();
    }

    /// <summary>Those of this process.</summary>
    public static ControlGroups OfThisProcess => Instance.Value;

    /// <summary>Whether memory and processes of all of an attempt can be bounded.</summary>
    public bool IsThere => Has("memory") && Has("pids");

    /// <summary>Why there are none, for people; null when there are.</summary>
    public string? Refusal { get; }

    /// <summary>What is there, for people.</summary>
    public string Description =>
        string.Join(
            ", ",
            _hierarchies.Select(one => $"{string.Join(" and ", one.Controllers)} (version {one.Version})")
        );

    /// <summary>Makes the group of one attempt; null when there are none here.</summary>
    /// <param name="limits">What it may use.</param>
    /// <param name="others">Processes of the fence itself, which count too.</param>
    /// <exception cref="IOException">The kernel refused it.</exception>
    public AttemptGroup? Open(CommandLimits limits, int others)
    {
        if (_hierarchies.IsEmpty)
            return null;
        var name = Interlocked.Increment(ref _groups).ToString(CultureInfo.InvariantCulture);
        var group = new AttemptGroup([
            .. _hierarchies.Select(one => one with { Folder = Path.Combine(one.Folder, name) }),
        ]);
        group.Make(limits, others);
        return group;
    }

    private bool Has(string controller) => _hierarchies.Any(one => one.Controllers.Contains(controller));

    private static ControlGroups Look()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/self/cgroup"))
            return new ControlGroups([], "this system has no cgroups");
        var mounts = File.ReadAllLines("/proc/self/mountinfo")
            .Select(CgroupMount.Parse)
            .OfType<CgroupMount>()
            .ToArray();
        var paths = File.ReadAllLines("/proc/self/cgroup").Select(line => line.Split(':', 3)).ToArray();
        var found = ImmutableArray.CreateBuilder<Hierarchy>();
        string? refusal = null;
        foreach (var path in paths)
        {
            var controllers = path[1].Split(',');
            var mount = Array.Find(
                mounts,
                mount =>
                    path[0] == "0"
                        ? mount.Version == 2
                        : mount.Version == 1 && mount.Options.Intersect(controllers).Any()
            );
            if (mount is null)
                continue;
            try
            {
                if (Enter(mount, mount.Folder(path[2]), controllers) is { } hierarchy)
                    found.Add(hierarchy);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                refusal ??= Printable.Of(failure.Message);
            }
        }
        return new ControlGroups(
            found.ToImmutable(),
            found.Count > 0
                ? null
                : "groups of the kernel cannot be had: "
                    + (refusal ?? "no memory, pids or cpu controller is there")
                    + "; run the daemon as a systemd service with Delegate=memory pids cpu, or as root"
        );
    }

    private static Hierarchy? Enter(CgroupMount mount, string own, string[] controllers)
    {
        var wanted = mount.Version == 2 ? Unified(own) : [.. controllers.Intersect(["memory", "pids", "cpuacct"])];
        if (wanted.IsEmpty)
            return null;
        Sweep(own);
        if (mount.Version == 2)
            Enable(own, wanted);
        var folder = Path.Combine(own, Prefix + Environment.ProcessId + "-" + Spawner.OfThisProcess.Owner);
        Directory.CreateDirectory(folder);
        if (mount.Version == 2)
            Write(folder, "cgroup.subtree_control", wanted);
        return new Hierarchy(folder, mount.Version, wanted);
    }

    private static ImmutableArray<string> Unified(string own) =>
        File.Exists(Path.Combine(own, "cgroup.controllers"))
            ?
            [
                .. File.ReadAllText(Path.Combine(own, "cgroup.controllers"))
                    .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                    .Intersect(["memory", "pids", "cpu"]),
            ]
            : [];

    /// <summary>
    /// Hands the controllers on to the groups below. The kernel allows that only to a group that has no processes of its own, so the
    /// daemon moves into one below first.
    /// </summary>
    private static void Enable(string own, ImmutableArray<string> controllers)
    {
        try
        {
            Write(own, "cgroup.subtree_control", controllers);
        }
        catch (IOException)
        {
            var daemon = Path.Combine(own, Own);
            Directory.CreateDirectory(daemon);
            File.WriteAllText(Path.Combine(daemon, "cgroup.procs"), "0");
            Write(own, "cgroup.subtree_control", controllers);
        }
    }

    private static void Write(string folder, string file, ImmutableArray<string> controllers) =>
        File.WriteAllText(Path.Combine(folder, file), string.Join(' ', controllers.Select(name => "+" + name)));

    private static void Sweep(string own)
    {
        foreach (var folder in Directory.EnumerateDirectories(own, Prefix + "*"))
        {
            var pid = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (
                !int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                || File.Exists($"/proc/{pid}/stat")
            )
                continue;
            RemoveAll(folder);
        }
    }

    private void Remove()
    {
        foreach (var hierarchy in _hierarchies)
            RemoveAll(hierarchy.Folder);
    }

    private static void RemoveAll(string folder)
    {
        try
        {
            foreach (var group in Directory.EnumerateDirectories(folder))
            {
                AttemptGroup.KillAll(group);
                Directory.Delete(group);
            }
            Directory.Delete(folder);
        }
        catch (Exception other) when (other is IOException or UnauthorizedAccessException)
        {
            // What was killed just now is still going, or another daemon sweeps too; the next start tries again.
        }
    }
}
