using AptTask.Host.Configuration;
using AptTask.Host.Execution.Sandbox;

namespace AptTask.Host.Tests.Sandbox;

/// <summary>What a program inside finds that tries to get out.</summary>
public sealed class EscapeTests
{
    /// <summary>What was tried, and what came of it in isolated, restricted and limits; "*" for whatever the machine has.</summary>
    private const string Matrix = """
        exit              0              0              0
        errors            -              -              -
        shadow            ENOENT         EACCES         EACCES
        host-etc          ENOENT         done           done
        secret            ENOENT         ENOENT         done
        root-home         ENOENT         empty          EACCES
        run               empty          empty          *
        write-root        EROFS          EROFS          EACCES
        write-usr         EROFS          EROFS          EACCES
        write-etc         EROFS          EROFS          EACCES
        write-dev         EROFS          EROFS          EACCES
        write-proc        EACCES         EACCES         EACCES
        write-tmp         done           done           done
        fill-tmp          64             64             more
        fill-shm          16             16             *
        processes         few            few            many
        session           own            own            leader
        kill-daemon       ESRCH          ESRCH          *
        daemon-environ    ENOENT         ENOENT         *
        first-environ     False          False          closed
        host-name         own            own            machine
        interfaces        lo             lo             *
        loopback          ECONNREFUSED   ECONNREFUSED   done
        unix-path         ENOENT         ENOENT         done
        unix-abstract     ECONNREFUSED   ECONNREFUSED   done
        vsock             EAFNOSUPPORT   EAFNOSUPPORT   *
        packet            EAFNOSUPPORT   EAFNOSUPPORT   EPERM
        alg               EAFNOSUPPORT   EAFNOSUPPORT   *
        unshare           EPERM          EPERM          *
        clone-user        EPERM          EPERM          *
        clone3            ENOSYS         ENOSYS         EINVAL
        mount             EPERM          EPERM          *
        ptrace            EPERM          EPERM          *
        keyctl            EPERM          EPERM          *
        bpf               EPERM          EPERM          *
        io-uring          ENOSYS         ENOSYS         *
        perf              EPERM          EPERM          *
        tiocsti           EPERM          EPERM          ENOTTY
        tiocsti-high      EPERM          EPERM          ENOTTY
        no-new-privs      1              1              1
        bounding          none           none           *
        effective         none           none           *
        seccomp           2              2              0
        open-files        0              0              0
        files-limit       256            256            256
        core-limit        0              0              0
        shell             done           done           done
        folder            /              /              /
        user-name         known          *              *
        space-user        own            own            *
        space-pid         own            own            machine
        space-net         own            own            machine
        space-ipc         own            own            machine
        space-uts         own            own            machine
        space-cgroup      own            own            machine
        space-mnt         own            own            machine
        """;

    private static readonly SandboxProfile[] Columns =
    [
        SandboxProfile.Isolated,
        SandboxProfile.Restricted,
        SandboxProfile.Limits,
    ];

    [Theory] // 51 to 56, 70
    [InlineData("Isolated", false)]
    [InlineData("Isolated", true)]
    [InlineData("Restricted", false)]
    [InlineData("Restricted", true)]
    [InlineData("Limits", false)]
    [InlineData("Limits", true)]
    public async Task A_program_gets_exactly_as_far_as_its_fence_lets_it(string profile, bool withTools)
    {
        Needs.Of("bwrap", "userns", "python3");
        using var probe = new EscapeProbe();
        var column = 1 + Array.IndexOf(Columns, Enum.Parse<SandboxProfile>(profile));

        var verdicts = await probe.RunAsync(FenceRun.Request(Columns[column - 1], withTools: withTools));

        var expected = Matrix
            .Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(cells => cells[0], cells => cells[column]);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), verdicts.Keys);
        Assert.Equal(
            expected.Where(cell => cell.Value != "*").Select(cell => $"{cell.Key} {cell.Value}"),
            expected.Where(cell => cell.Value != "*").Select(cell => $"{cell.Key} {verdicts[cell.Key]}")
        );
    }

    [Theory]
    [InlineData("Isolated")]
    [InlineData("Restricted")]
    public async Task The_network_of_the_machine_is_there_when_it_is_asked_for_and_sockets_of_other_kinds_are_not(
        string profile
    )
    {
        Needs.Of("bwrap", "userns", "python3");
        using var probe = new EscapeProbe();

        var verdicts = await probe.RunAsync(
            FenceRun.Request(Enum.Parse<SandboxProfile>(profile), new FenceView { HostNetwork = true })
        );

        Assert.Equal(
            ("done", "EAFNOSUPPORT", "EAFNOSUPPORT", "machine", "ENOENT"),
            (verdicts["loopback"], verdicts["vsock"], verdicts["packet"], verdicts["space-net"], verdicts["unix-path"])
        );
    }

    [Fact]
    public async Task Nothing_is_in_a_fences_line_without_a_reason()
    {
        Needs.Of("bwrap", "userns", "python3");
        using var probe = new EscapeProbe();
        var request = FenceRun.Request(
            SandboxProfile.Isolated,
            new FenceView { WorkingFolder = "/tmp", HiddenFiles = ["/usr/bin/wc"] },
            withTools: true
        );
        string[] alone =
        [
            "--unshare-user",
            "--unshare-pid",
            "--unshare-net",
            "--unshare-ipc",
            "--unshare-uts",
            "--unshare-cgroup-try",
            "--new-session",
            "--hostname sandbox",
            "--proc /proc",
            "--dev /dev",
            "--size 16777216 --tmpfs /dev/shm",
            "--remount-ro /dev",
            "--size 67108864",
            "--size 67108864 --tmpfs /tmp",
            "--dir /run",
            "--remount-ro /",
            "--chdir /tmp",
            "--seccomp 4",
            "--symlink usr/bin /bin",
            "--perms 0444 --ro-bind-data 5 /etc/passwd",
            "/usr/bin/prlimit --nproc=64 --nofile=256 --",
        ];
        var whole = await probe.RunAsync(request);

        // Four at a time: the machine that runs this may be small.
        await Parallel.ForEachAsync(
            alone,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (words, _) =>
            {
                var less = await probe.RunAsync(request, line => Without(line, words));
                Assert.False(whole.SequenceEqual(less), $"nothing changed without {words}");
            }
        );
    }

    [Theory]
    // Each holds alone what its twin holds too; without both it is open.
    [InlineData("--disable-userns", "--seccomp 4", "unshare", "done")]
    [InlineData("--remount-ro /dev", "--size 16777216 --tmpfs /dev/shm", "fill-shm", "more")]
    public async Task What_two_hold_is_open_only_without_both(string one, string other, string what, string open)
    {
        Needs.Of("bwrap", "userns", "python3");
        using var probe = new EscapeProbe();
        var request = FenceRun.Request(SandboxProfile.Isolated, withTools: true);

        var withoutOne = await probe.RunAsync(request, line => Without(line, one));
        var withoutOther = await probe.RunAsync(request, line => Without(line, other));
        var withoutBoth = await probe.RunAsync(request, line => Without(Without(line, one), other));

        Assert.NotEqual(open, withoutOne[what]);
        Assert.NotEqual(open, withoutOther[what]);
        Assert.Equal(open, withoutBoth[what]);
    }

    private static List<string> Without(List<string> line, string words)
    {
        var gone = words.Split(' ');
        for (var at = 0; at + gone.Length <= line.Count; at++)
        {
            if (line[at..(at + gone.Length)].SequenceEqual(gone))
                return [.. line[..at], .. line[(at + gone.Length)..]];
        }
        throw new InvalidOperationException($"There is no {words} in {string.Join(' ', line)}.");
    }
}
