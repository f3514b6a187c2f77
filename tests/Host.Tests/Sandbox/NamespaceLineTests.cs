using AptTask.Host.Configuration;
using AptTask.Host.Execution.Sandbox;

namespace AptTask.Host.Tests.Sandbox;

/// <summary>The exact lines of the fences with namespaces.</summary>
public sealed class NamespaceLineTests
{
    private const string Root =
        "/usr/bin/setsid /usr/bin/setpriv --pdeathsig=KILL --no-new-privs --reuid=65534 --regid=65534 --clear-groups "
        + "--bounding-set=-all --inh-caps=-all --ambient-caps=-all -- ";
    private const string Plain = "/usr/bin/setsid /usr/bin/setpriv --pdeathsig=KILL --no-new-privs -- ";
    private const string Spaces =
        "--unshare-ipc --unshare-uts --unshare-cgroup-try --disable-userns "
        + "--die-with-parent --new-session --hostname sandbox ";
    private const string Programs =
        "--ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib64 /lib64 --ro-bind /lib /lib "
        + "--ro-bind-try /etc/ld.so.cache /etc/ld.so.cache --ro-bind-try /etc/alternatives /etc/alternatives "
        + "--ro-bind-try /etc/localtime /etc/localtime "
        + "--perms 0444 --ro-bind-data 5 /etc/passwd --perms 0444 --ro-bind-data 6 /etc/group ";
    private const string Names =
        "--ro-bind-try /etc/resolv.conf /etc/resolv.conf --ro-bind-try /etc/hosts /etc/hosts "
        + "--ro-bind-try /etc/ssl/certs /etc/ssl/certs --ro-bind-try /etc/nsswitch.conf /etc/nsswitch.conf ";
    private const string Devices = "--proc /proc --dev /dev --size 16777216 --tmpfs /dev/shm --remount-ro /dev ";
    private const string Private =
        "--size 67108864 --tmpfs /tmp --size 67108864 --tmpfs /var/tmp --size 1048576 --tmpfs /run --size 1048576 --tmpfs /home ";
    private const string End =
        "--seccomp 4 --json-status-fd 3 -- /usr/bin/prlimit --cpu=5:6 --nproc=64 --nofile=256 -- /bin/x a";

    private static readonly SandboxOptions Tools = DaemonOptions.Defaults("/x").Sandbox;

    private static readonly MachineLayout Machine = new()
    {
        Programs = [("/bin", "usr/bin"), ("/lib64", "usr/lib64"), ("/lib", null)],
        PrivateFolders = ["/tmp", "/var/tmp", "/run", "/home"],
        NameServers = "/run/resolve/resolv.conf",
    };

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Isolated(bool isRoot, bool hasNetwork) =>
        Assert.Equal(
            Opening("5<\"$u\" 6<\"$g\"", "u=$3 g=$4; shift 4")
                + " -- /s /f /u /g "
                + (isRoot ? Root : Plain)
                + "/usr/bin/bwrap --unshare-user --unshare-pid "
                + (hasNetwork ? "" : "--unshare-net ")
                + Spaces
                + Programs
                + (hasNetwork ? Names : "")
                + Devices
                + "--size 67108864 --tmpfs /tmp --dir /run --remount-ro / --chdir / "
                + End,
            Line(Request(SandboxProfile.Isolated, isRoot, hasNetwork))
        );

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Restricted(bool isRoot, bool hasNetwork) =>
        Assert.Equal(
            Opening("", "shift 2")
                + " -- /s /f "
                + (isRoot ? Root : Plain)
                + "/usr/bin/bwrap --unshare-user --unshare-pid "
                + (hasNetwork ? "" : "--unshare-net ")
                + Spaces
                + "--ro-bind / / "
                + Devices
                + Private
                + (hasNetwork ? "--ro-bind-try /run/resolve/resolv.conf /run/resolve/resolv.conf " : "")
                + "--chdir / "
                + End,
            Line(Request(SandboxProfile.Restricted, isRoot, hasNetwork))
        );

    [Fact]
    public void With_a_launcher_the_line_begins_with_the_files_that_it_opens() =>
        Assert.StartsWith(
            "/launcher /s /f /u /g /usr/bin/bwrap --unshare-user ",
            Line(Request(SandboxProfile.Isolated, isRoot: true, hasNetwork: false) with { Launcher = "/launcher" }),
            StringComparison.Ordinal
        );

    [Fact]
    public void Groups_of_the_kernel_are_joined_before_anything_else()
    {
        var request = Request(SandboxProfile.Isolated, isRoot: false, hasNetwork: false);
        request = request with { Start = request.Start with { Joins = ["/cg/a", "/cg/b"] } };

        Assert.Contains(" aptask-fence /cg/a /cg/b -- /s /f /u /g ", Line(request), StringComparison.Ordinal);
        Assert.StartsWith(
            "/launcher /cg/a /cg/b /s /f /u /g /usr/bin/bwrap ",
            Line(request with { Launcher = "/launcher" }),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "/launcher /cg/a /bin/x a",
            Line(
                new FenceRequest(SandboxProfile.Limits, CommandLimits.Unlimited, null, Tools)
                {
                    Launcher = "/launcher",
                    Start = new FenceStart { Joins = ["/cg/a"] },
                }
            )
        );
    }

    [Fact]
    public void Without_limits_nothing_stands_between_the_fence_and_the_command() =>
        Assert.EndsWith(
            "--json-status-fd 3 -- /bin/x a",
            Line(
                Request(SandboxProfile.Isolated, isRoot: false, hasNetwork: false) with
                {
                    Limits = CommandLimits.Unlimited,
                }
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void What_is_bound_comes_before_the_root_is_closed_and_after_the_scratch_folder_whose_place_it_may_lie_below()
    {
        var line = Line(
            With(
                SandboxProfile.Isolated,
                new FenceView
                {
                    ReadOnly = [Bind.Same("/srv/a"), new Bind("/opt/app", "/app")],
                    ReadWrite = [Bind.Same("/srv/b")],
                    Scratch = "/tmp/s",
                    WorkingFolder = "/work",
                    TemporarySize = 5,
                    SharedMemorySize = 6,
                }
            )
        );

        Assert.Contains(
            "--dir /run --bind /tmp/s /work --ro-bind /srv/a /srv/a --ro-bind /opt/app /app --bind /srv/b /srv/b --remount-ro / --chdir /work ",
            line,
            StringComparison.Ordinal
        );
        Assert.Contains("--size 6 --tmpfs /dev/shm", line, StringComparison.Ordinal);
        Assert.Contains("--size 5 --tmpfs /tmp", line, StringComparison.Ordinal);
    }

    [Theory]
    // Nothing of the daemon is in /usr, so there is nothing to hide; a bind of a folder above brings it back, and it is hidden there.
    [InlineData("Isolated", "/etc/aptask", "/srv", "--ro-bind /srv /srv --remount-ro /")]
    [InlineData(
        "Isolated",
        "/srv/aptask",
        "/srv",
        "--ro-bind /srv /srv --size 1048576 --tmpfs /srv/aptask --remount-ro /"
    )]
    [InlineData(
        "Isolated",
        "/usr/lib/aptask",
        "/srv",
        "--dir /run --size 1048576 --tmpfs /usr/lib/aptask --ro-bind /srv /srv"
    )]
    [InlineData(
        "Restricted",
        "/etc/aptask",
        "/srv",
        "--tmpfs /home --size 1048576 --tmpfs /etc/aptask --ro-bind /srv /srv"
    )]
    // What is named below a hidden folder can be seen.
    [InlineData(
        "Restricted",
        "/srv/aptask",
        "/srv/aptask/data",
        "--tmpfs /srv/aptask --ro-bind /srv/aptask/data /srv/aptask/data --chdir"
    )]
    public void The_daemons_own_folders_are_hidden_wherever_they_could_be_seen(
        string profile,
        string hidden,
        string bound,
        string part
    ) =>
        Assert.Contains(
            part,
            Line(
                With(
                    Enum.Parse<SandboxProfile>(profile),
                    new FenceView { ReadOnly = [Bind.Same(bound)], HiddenFolders = [hidden] }
                )
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_hidden_file_becomes_one_that_cannot_be_read() =>
        Assert.Contains(
            "--ro-bind /dev/null /etc/keys.toml --chdir",
            Line(With(SandboxProfile.Restricted, new FenceView { HiddenFiles = ["/etc/keys.toml"] })),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("Isolated", "/", true)]
    [InlineData("Isolated", "/usr/bin/tar", true)]
    [InlineData("Isolated", "/lib/x", true)]
    [InlineData("Isolated", "/tmp", true)]
    [InlineData("Isolated", "/work", true)]
    [InlineData("Isolated", "/srv/a/b", true)]
    [InlineData("Isolated", "/srv/ab", false)]
    [InlineData("Isolated", "/etc", false)]
    [InlineData("Restricted", "/etc", true)]
    [InlineData("Restricted", "/tmp/work", true)]
    [InlineData("Restricted", "/var/tmp/one", false)]
    [InlineData("Restricted", "/var/tmp/one/data/x", true)]
    [InlineData("Restricted", "/opt/aptask", false)]
    [InlineData("Limits", "/var/tmp/one", true)]
    public void What_can_be_seen_inside_is_known_before(string profile, string path, bool isSeen) =>
        Assert.Equal(
            isSeen,
            Fence.CanSee(
                With(
                    Enum.Parse<SandboxProfile>(profile),
                    new FenceView
                    {
                        ReadOnly = [Bind.Same("/srv/a"), Bind.Same("/var/tmp/one/data")],
                        HiddenFolders = ["/opt/aptask"],
                        Scratch = "/tmp/s",
                    }
                ),
                path
            )
        );

    private static FenceRequest With(SandboxProfile profile, FenceView view) =>
        Request(profile, isRoot: false, hasNetwork: false) with
        {
            View = view,
        };

    private static FenceRequest Request(SandboxProfile profile, bool isRoot, bool hasNetwork) =>
        new(
            profile,
            new CommandLimits
            {
                Cpu = TimeSpan.FromSeconds(5),
                Processes = 64,
                Files = 256,
            },
            isRoot ? new Subject("nobody", 65534, 65534) : null,
            Tools
        )
        {
            View = new FenceView { HostNetwork = hasNetwork },
            Machine = Machine,
            Start = new FenceStart
            {
                Status = "/s",
                Filter = "/f",
                Users = "/u",
                UserGroups = "/g",
            },
        };

    private static string Opening(string files, string variables) =>
        "/bin/sh -c while [ \"$1\" != -- ]; do echo 0 >\"$1\" || { echo \"$0: joining $1 failed\" >&2; exit 126; }; shift; done; shift; "
        + $"s=$1 f=$2{(variables.StartsWith('u') ? " " : "; ")}{variables}; exec \"$@\" 3>\"$s\" 4<\"$f\"{(files.Length > 0 ? " " : "")}{files} aptask-fence";

    private static string Line(FenceRequest request)
    {
        var plan = Fence.Plan(request, ["/bin/x", "a"]);
        return plan.Program + " " + string.Join(' ', plan.Arguments);
    }
}
