using AptTask.Host.Configuration;
using AptTask.Host.Execution.Sandbox;
using AptTask.Host.Tests.Commands;

namespace AptTask.Host.Tests.Sandbox;

public sealed class ControlGroupTests
{
    [Theory]
    [InlineData(
        "40 32 0:34 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate",
        2,
        "/a.slice/b.service",
        "/sys/fs/cgroup/a.slice/b.service"
    )]
    [InlineData("40 32 0:34 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw", 2, "/", "/sys/fs/cgroup")]
    [InlineData(
        "37 32 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
        1,
        "/x/y",
        "/sys/fs/cgroup/memory/x/y"
    )]
    // In a container the mount shows only what is below the container's own group.
    [InlineData(
        "37 32 0:31 /docker/1f /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids",
        1,
        "/docker/1f",
        "/sys/fs/cgroup/pids"
    )]
    [InlineData(
        "37 32 0:31 /docker/1f /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids",
        1,
        "/docker/1f/z",
        "/sys/fs/cgroup/pids/z"
    )]
    public void The_daemons_own_group_is_found(string line, int version, string path, string folder)
    {
        var mount = CgroupMount.Parse(line)!;

        Assert.Equal((version, folder), (mount.Version, mount.Folder(path)));
    }

    [Theory]
    [InlineData("22 1 254:0 / / rw,relatime - ext4 /dev/root rw")]
    [InlineData("22 1 254:0")]
    [InlineData("")]
    public void Other_mounts_are_no_groups(string line) => Assert.Null(CgroupMount.Parse(line));

    [Fact]
    public async Task A_command_is_in_a_group_of_its_own_from_its_first_instruction_until_it_is_gone()
    {
        Needs.Of("cgroup");
        var before = Groups();

        var end = await Bench.RunAsync(Bench.Routine("/usr/bin/cat", "args = [\"/proc/self/cgroup\"]"));

        var shown = Bench.Data(end)!;
        Assert.Contains("/aptask-" + Environment.ProcessId, shown, StringComparison.Ordinal);
        Assert.NotNull(end.Usage!.CpuSeconds);
        Assert.NotNull(end.Usage.PeakMemoryBytes);
        var own = shown.Split('\n').First(line => line.Contains("/aptask-", StringComparison.Ordinal));
        Assert.DoesNotContain(
            Groups().Except(before),
            group => own.EndsWith("/" + Path.GetFileName(group), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task All_that_a_group_holds_can_be_ended_whatever_it_did()
    {
        Needs.Of("cgroup");
        var seconds = Bench.UniqueSeconds();
        var group = ControlGroups.OfThisProcess.Open(CommandLimits.Unlimited, others: 0)!;
        using var shell = System.Diagnostics.Process.Start(
            "/bin/sh",
            [
                "-c",
                $"for f in {string.Join(' ', group.Joins)}; do echo 0 >$f; done; (env -i setsid sleep {seconds} &); exec sleep {seconds}",
            ]
        );
        await Bench.UntilAsync(() => Bench.Processes(seconds).Length == 2, "both are there");

        await Bench.UntilAsync(() => !group.Kill(), "nobody is left");

        Assert.Empty(Bench.Processes(seconds));
        group.Remove();
        Assert.All(group.Joins, file => Assert.False(File.Exists(file)));
    }

    [Fact]
    public void Without_groups_a_command_that_has_to_have_one_is_refused()
    {
        var options = FenceRun.Options with { RequireCgroup = true };
        var unlimited = FenceRun.Request(SandboxProfile.Limits) with
        {
            Tools = options,
            Limits = CommandLimits.Unlimited,
        };
        var limited = unlimited with { Limits = new CommandLimits { Memory = 1 << 20 } };

        Assert.Null(FenceCheck.Refuse(unlimited, Environment.IsPrivilegedProcess));
        var refused = FenceCheck.Refuse(limited, Environment.IsPrivilegedProcess);
        if (ControlGroups.OfThisProcess.IsThere)
            Assert.Null(refused);
        else
            Assert.Contains("require_cgroup", refused!, StringComparison.Ordinal);
    }

    private static string[] Groups() =>
        [
            .. Directory
                .EnumerateDirectories(
                    "/sys/fs/cgroup",
                    "aptask-" + Environment.ProcessId + "-*",
                    new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4 }
                )
                .SelectMany(folder => Directory.EnumerateDirectories(folder)),
        ];
}
