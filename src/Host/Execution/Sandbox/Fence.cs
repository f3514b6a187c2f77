using System.Collections.Immutable;
using System.Globalization;
using AptTask.Host.Configuration;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>
/// Turns a profile into the line of tools that builds it. Pure: the same request gives the same tokens. It never answers
/// with a weaker fence than was asked for; what cannot be had here is said by <see cref="FenceCheck"/>.
/// </summary>
/// <remarks>
/// Fences with namespaces are built by <c>bwrap</c>. The step before it opens the files of <see cref="FenceStart"/> as file 3 and
/// following and then becomes the user: as root, <c>bwrap</c> would keep the rights of root over the files of root. Resource limits are set
/// inside, where processes are counted for each fence and not for each user.
/// </remarks>
internal static class Fence
{
    /// <summary>Where the start reports; <see cref="FenceStart.Status"/> is opened as this file.</summary>
    public const int StatusFile = 3;

    private const int FilterFile = 4;
    private const int UsersFile = 5;
    private const int UserGroupsFile = 6;

    private const long SmallSize = 1024 * 1024;

    /// <summary>What stands in for a hidden file: nothing can be read from a device that is bound like a file.</summary>
    private const string Nothing = "/dev/null";

    private const string Join =
        "while [ \"$1\" != -- ]; do echo 0 >\"$1\" || { echo \"$0: joining $1 failed\" >&2; exit 126; }; shift; done; shift; ";

    /// <summary>
    /// Constant text for the shell, which alone among the tools can open files by number. All that differs comes as arguments.
    /// </summary>
    private static readonly ImmutableDictionary<SandboxProfile, string> Scripts = new Dictionary<SandboxProfile, string>
    {
        [SandboxProfile.None] = Join + "exec \"$@\"",
        [SandboxProfile.Limits] = Join + "exec \"$@\"",
        [SandboxProfile.Restricted] = Join + "s=$1 f=$2; shift 2; exec \"$@\" 3>\"$s\" 4<\"$f\"",
        [SandboxProfile.Isolated] =
            Join + "s=$1 f=$2 u=$3 g=$4; shift 4; exec \"$@\" 3>\"$s\" 4<\"$f\" 5<\"$u\" 6<\"$g\"",
    }.ToImmutableDictionary();

    /// <summary>Where the scratch folder of an attempt is inside a fence; null where it is where it is.</summary>
    /// <remarks>In <c>restricted</c> nothing can be added to the root of the file system, which is the machine's.</remarks>
    public static string? ScratchInside(SandboxProfile profile) =>
        profile switch
        {
            SandboxProfile.Isolated => "/work",
            SandboxProfile.Restricted => "/tmp/work",
            _ => null,
        };

    /// <summary>Whether a folder or file is there inside, as far as the request tells.</summary>
    public static bool CanSee(FenceRequest request, string path)
    {
        if (!request.HasNamespaces || path == "/")
            return true;
        // These are there and empty at first.
        if (path == "/tmp" || path == ScratchInside(request.Profile))
            return true;
        var binds = request.View.ReadOnly.Concat(request.View.ReadWrite).Select(bind => bind.Destination);
        if (binds.Any(folder => PathPrefix.IsBelow(path, folder)))
            return true;
        return request.Profile == SandboxProfile.Isolated
            ? Own(request).Any(bind => PathPrefix.IsBelow(path, bind.Destination))
            : !request
                .Machine.PrivateFolders.Concat(request.View.HiddenFolders)
                .Any(folder => PathPrefix.IsBelow(path, folder));
    }

    /// <summary>The chain, ending with the command.</summary>
    public static LaunchPlan Plan(FenceRequest request, ReadOnlySpan<string> command)
    {
        var chain = ImmutableArray.CreateBuilder<string>();
        if (request.Launcher is { } launcher)
        {
            chain.Add(launcher);
            chain.AddRange(request.Start.Joins);
            AddFiles(chain, request);
        }
        else
        {
            AddShell(chain, request);
            chain.Add(request.Tools.Setsid);
            if (request.Profile == SandboxProfile.Limits)
                AddLimits(chain, request);
            AddPrivileges(chain, request);
        }
        if (request.HasNamespaces)
        {
            AddNamespaces(chain, request);
            AddLimits(chain, request);
        }
        chain.AddRange(command);
        var program = chain[0];
        chain.RemoveAt(0);
        return new LaunchPlan(program, chain.ToImmutable());
    }

    private static void AddShell(ImmutableArray<string>.Builder chain, FenceRequest request)
    {
        if (request.Start.Joins.IsEmpty && !request.HasNamespaces)
            return;
        chain.AddRange(request.Tools.Shell, "-c", Scripts[request.Profile], LauncherImage.MessageName);
        chain.AddRange(request.Start.Joins);
        chain.Add("--");
        AddFiles(chain, request);
    }

    private static void AddFiles(ImmutableArray<string>.Builder chain, FenceRequest request)
    {
        if (!request.HasNamespaces)
            return;
        chain.Add(request.Start.Status ?? throw new InvalidOperationException("A fence with namespaces has a status."));
        chain.Add(request.Start.Filter);
        if (request.Profile == SandboxProfile.Isolated)
            chain.AddRange(request.Start.Users, request.Start.UserGroups);
    }

    private static void AddLimits(ImmutableArray<string>.Builder chain, FenceRequest request)
    {
        var limits = request.Limits;
        var before = chain.Count;
        chain.Add(request.Tools.Prlimit);
        if (limits.Cpu is { } cpu)
        {
            // Soft below hard: the soft one sends XCPU, which names the reason; the hard one kills who ignores it.
            var seconds = (long)Math.Ceiling(cpu.TotalSeconds);
            chain.Add(Text($"--cpu={seconds}:{seconds + 1}"));
        }
        // The data segment and not the address space: managed runtimes reserve far more than they use.
        if (limits.Memory is { } memory)
            chain.Add(Text($"--data={memory}"));
        if (limits.Processes is { } processes)
            chain.Add(Text($"--nproc={processes}"));
        if (limits.Files is { } files)
            chain.Add(Text($"--nofile={files}"));
        if (limits.FileSize is { } size)
            chain.Add(Text($"--fsize={size}"));
        if (chain.Count == before + 1)
            chain.RemoveAt(before);
        else
            chain.Add("--");
    }

    private static void AddPrivileges(ImmutableArray<string>.Builder chain, FenceRequest request)
    {
        // The signal follows the thread that starts the chain: the spawner's, which lives as long as the daemon.
        chain.Add(request.Tools.Setpriv);
        chain.Add("--pdeathsig=KILL");
        if (request.Profile != SandboxProfile.None)
            chain.Add("--no-new-privs");
        if (request.User is { } user)
        {
            chain.Add(Text($"--reuid={user.Uid}"));
            chain.Add(Text($"--regid={user.Gid}"));
            chain.Add("--clear-groups");
            chain.Add("--bounding-set=-all");
            chain.Add("--inh-caps=-all");
            chain.Add("--ambient-caps=-all");
        }
        chain.Add("--");
    }

    /// <summary>The arguments act in their order; what comes after the root is read-only can add no folder.</summary>
    private static void AddNamespaces(ImmutableArray<string>.Builder chain, FenceRequest request)
    {
        var view = request.View;
        chain.AddRange(request.Tools.Bwrap, "--unshare-user", "--unshare-pid");
        if (!view.HostNetwork)
            chain.Add("--unshare-net");
        chain.AddRange("--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--disable-userns");
        chain.AddRange("--die-with-parent", "--new-session", "--hostname", "sandbox");
        if (request.Profile == SandboxProfile.Isolated)
            AddPrograms(chain, request.Machine, view.HostNetwork);
        else
            chain.AddRange("--ro-bind", "/", "/");
        chain.AddRange("--proc", "/proc", "--dev", "/dev");
        AddMemoryFolder(chain, "/dev/shm", view.SharedMemorySize);
        chain.AddRange("--remount-ro", "/dev");
        if (request.Profile == SandboxProfile.Isolated)
        {
            AddMemoryFolder(chain, "/tmp", view.TemporarySize);
            chain.AddRange("--dir", "/run");
        }
        else
        {
            AddPrivateFolders(chain, request);
        }
        AddView(chain, request);
        if (request.Profile == SandboxProfile.Isolated)
            chain.AddRange("--remount-ro", "/");
        chain.AddRange("--chdir", view.WorkingFolder);
        chain.AddRange("--seccomp", Text($"{FilterFile}"), "--json-status-fd", Text($"{StatusFile}"), "--");
    }

    private static void AddPrograms(ImmutableArray<string>.Builder chain, MachineLayout machine, bool hasNetwork)
    {
        chain.AddRange("--ro-bind", "/usr", "/usr");
        foreach (var (path, link) in machine.Programs)
        {
            if (link is null)
                chain.AddRange("--ro-bind", path, path);
            else
                chain.AddRange("--symlink", link, path);
        }
        chain.AddRange("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache");
        chain.AddRange("--ro-bind-try", "/etc/alternatives", "/etc/alternatives");
        chain.AddRange("--ro-bind-try", "/etc/localtime", "/etc/localtime");
        // Whoever asks for its own name gets one; managed runtimes do not start without.
        chain.AddRange("--perms", "0444", "--ro-bind-data", Text($"{UsersFile}"), "/etc/passwd");
        chain.AddRange("--perms", "0444", "--ro-bind-data", Text($"{UserGroupsFile}"), "/etc/group");
        if (!hasNetwork)
            return;
        foreach (var path in new[] { "/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs", "/etc/nsswitch.conf" })
            chain.AddRange("--ro-bind-try", path, path);
    }

    private static void AddPrivateFolders(ImmutableArray<string>.Builder chain, FenceRequest request)
    {
        foreach (var folder in request.Machine.PrivateFolders)
            AddMemoryFolder(chain, folder, folder is "/tmp" or "/var/tmp" ? request.View.TemporarySize : SmallSize);
        if (request.View.HostNetwork && request.Machine.NameServers is { } servers)
            chain.AddRange("--ro-bind-try", servers, servers);
    }

    private static void AddView(ImmutableArray<string>.Builder chain, FenceRequest request)
    {
        var view = request.View;
        // Hidden first, so that what is named below a hidden folder can be seen; and again where a bind brings it back.
        AddHidden(chain, view, Own(request));
        // Before the others: one of them may lie below its place, on a machine that has a folder of that name.
        if (view.Scratch is { } scratch)
            chain.AddRange("--bind", scratch, ScratchInside(request.Profile)!);
        foreach (var bind in view.ReadOnly)
            chain.AddRange("--ro-bind", bind.Source, bind.Destination);
        foreach (var bind in view.ReadWrite)
            chain.AddRange("--bind", bind.Source, bind.Destination);
        AddHidden(chain, view, view.ReadOnly.Concat(view.ReadWrite));
    }

    private static void AddHidden(ImmutableArray<string>.Builder chain, FenceView view, IEnumerable<Bind> within)
    {
        var binds = within.ToArray();
        foreach (var folder in view.HiddenFolders.SelectMany(folder => Appearances(folder, binds)))
            AddMemoryFolder(chain, folder, SmallSize);
        // A file in a hidden folder is gone with it, but for one whose folder is bound itself.
        var seen = view.HiddenFiles.Where(file =>
            !view.HiddenFolders.Any(folder =>
                PathPrefix.IsBelow(file, folder)
                && Array.Exists(binds, bind => bind.Source != folder && PathPrefix.IsBelow(folder, bind.Source))
            )
        );
        foreach (var file in seen.SelectMany(file => Appearances(file, binds)))
            chain.AddRange("--ro-bind", Nothing, file);
    }

    /// <summary>What of the machine can be seen before anything is bound.</summary>
    private static IEnumerable<Bind> Own(FenceRequest request) =>
        request.Profile == SandboxProfile.Restricted
            ? [Bind.Same("/")]
            :
            [
                Bind.Same("/usr"),
                .. request
                    .Machine.Programs.Where(folder => folder.Link is null)
                    .Select(folder => Bind.Same(folder.Path)),
            ];

    /// <summary>Where a path of the machine can be seen inside, by some binds.</summary>
    private static IEnumerable<string> Appearances(string path, IEnumerable<Bind> binds) =>
        binds
            .Where(bind => PathPrefix.IsBelow(path, bind.Source) && path != bind.Source)
            .Select(bind => bind.Source == "/" ? path : bind.Destination + path[bind.Source.Length..])
            .Distinct();

    private static void AddMemoryFolder(ImmutableArray<string>.Builder chain, string path, long size) =>
        chain.AddRange("--size", Text($"{size}"), "--tmpfs", path);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
