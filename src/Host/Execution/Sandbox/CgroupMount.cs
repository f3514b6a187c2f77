using System.Collections.Immutable;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>Where groups of the kernel are mounted.</summary>
/// <param name="Version">1 or 2.</param>
/// <param name="Root">What of the hierarchy is shown there.</param>
/// <param name="Point">The absolute path of the mount.</param>
/// <param name="Options">Of version 1: the controllers among others.</param>
internal sealed record CgroupMount(int Version, string Root, string Point, ImmutableArray<string> Options)
{
    /// <summary>A line of <c>/proc/self/mountinfo</c>; null when it is another mount.</summary>
    public static CgroupMount? Parse(string line)
    {
        const int beforeOptional = 6;
        var fields = line.Split(' ');
        var dash = Array.IndexOf(fields, "-", Math.Min(beforeOptional, fields.Length));
        if (dash < 0 || fields.Length < dash + 4 || fields[dash + 1] is not ("cgroup" or "cgroup2"))
            return null;
        return new CgroupMount(
            fields[dash + 1] == "cgroup2" ? 2 : 1,
            fields[3],
            fields[4],
            [.. fields[dash + 3].Split(',')]
        );
    }

    /// <summary>Where a group is, whose path in the hierarchy is given.</summary>
    public string Folder(string path)
    {
        var below = Root != "/" && PathPrefix.IsBelow(path, Root) ? path[Root.Length..] : path;
        return Point + (below == "/" ? "" : below);
    }
}
