using AptTask.Host.Engine;
using AptTask.Host.Execution.Sandbox;
using AptTask.Host.Tests.Sandbox;
using AptTask.Scheduling;
using Microsoft.Extensions.Time.Testing;

namespace AptTask.Host.Tests.Commands;

/// <summary>Commands in the fences with namespaces.</summary>
public sealed class FencedCommandTests
{
    [Theory] // 64
    [InlineData("exit 0", 0, null)]
    [InlineData("exit 1", 1, FailureReason.ExitCode)]
    [InlineData("echo 'bwrap: no' >&2; exit 1", 1, FailureReason.ExitCode)]
    [InlineData("exit 126", 126, FailureReason.ExitCode)]
    [InlineData("exit 127", 127, FailureReason.ExitCode)]
    [InlineData("exit 255", 255, FailureReason.ExitCode)]
    [InlineData("kill -SEGV $$", 139, FailureReason.ExitCode)]
    [InlineData("kill -SYS $$", 159, FailureReason.ExitCode)]
    [InlineData("kill -TERM $$", 143, FailureReason.ExitCode)]
    [InlineData("kill -KILL $$", 137, FailureReason.Memory)]
    [InlineData("kill -KILL -1; exit 3", 3, FailureReason.ExitCode)]
    public async Task How_a_command_ends_is_reported_exactly_and_never_taken_for_a_broken_fence(
        string script,
        int code,
        FailureReason? reason
    )
    {
        var end = await Bench.RunAsync(Shell(script));

        Assert.Equal((code, reason), (end.ExitCode, Bench.Reason(end)));
    }

    [Theory]
    [InlineData("isolated", "/work")]
    [InlineData("restricted", "/tmp/work")]
    public async Task A_command_has_a_folder_of_its_own_that_it_may_write(string fence, string inside)
    {
        using var attempt = Bench.Attempt();
        Needs.Of("bwrap", "userns");

        var end = await Shell("pwd; echo made >file", "cwd = \"scratch\"", fence)
            .RunAsync(attempt)
            .WaitAsync(Bench.Patience);

        Assert.True(end.ExitCode == 0, end.Message);
        Assert.Equal(inside + "\n", Bench.Data(end));
        Assert.Equal("made\n", await File.ReadAllTextAsync(Path.Combine(attempt.ScratchFolder, "file")));
    }

    [Theory]
    [InlineData("isolated")]
    [InlineData("restricted")]
    public async Task What_is_bound_can_be_read_or_written_as_the_entry_says(string fence)
    {
        using var folder = new OpenFolder();
        File.WriteAllText(folder.In("in"), "read\n");
        var writable = folder.Make("out");

        var end = await Bench.RunAsync(
            Shell(
                $"cat {folder.In("in")}; (echo x >{folder.In("in")}) 2>/dev/null || echo closed; echo written >{writable}/file",
                $"bind_ro = [\"{folder.Path}\"]\nbind_rw = [\"{writable}\"]",
                fence
            )
        );

        Assert.Equal("read\nclosed\n", Bench.Data(end));
        Assert.Equal("written\n", await File.ReadAllTextAsync(Path.Combine(writable, "file")));
    }

    [Theory]
    [InlineData("cwd = \"/opt\"", "working folder /opt cannot be seen inside")]
    [InlineData("bind_ro = [\"/nowhere/at/all\"]", "/nowhere/at/all is to be bound and is not there")]
    public void An_entry_that_could_never_run_says_so_before(string rest, string why)
    {
        Needs.Of("bwrap", "userns");
        var routine = Shell("exit 0", rest);

        Assert.Contains(why, routine.Descriptor.Unavailable!, StringComparison.Ordinal);
        Assert.Equal(
            "sandbox_unavailable",
            Assert.IsType<Binding.Refused>(routine.Bind(Entries.Json("{}"), BindingMode.Strict)).Code
        );
    }

    [Fact]
    public async Task A_fence_that_breaks_at_the_start_of_an_attempt_is_a_broken_fence()
    {
        using var folder = new OpenFolder();
        var bound = folder.Make("bound");
        var routine = Shell("exit 0", $"bind_ro = [\"{bound}\"]");
        Directory.Delete(bound);

        var end = await Bench.RunAsync(routine);

        Assert.Equal(FailureReason.SandboxFailed, Bench.Reason(end));
        Assert.Contains("Can't find source path", end.Message!, StringComparison.Ordinal);
        Assert.Contains("the right to enter", end.Message!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_may_end_politely_within_its_grace()
    {
        using var stop = new CancellationTokenSource();
        using var attempt = Bench.Attempt(stop: stop.Token);
        var running = Shell("trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done", "grace = \"1h\"")
            .RunAsync(attempt);
        await attempt.Ready.WaitAsync(Bench.Patience);

        await stop.CancelAsync();

        var end = await running.WaitAsync(Bench.Patience);
        Assert.IsType<AttemptOutcome.Stopped>(end.Outcome);
        Assert.Equal(5, end.ExitCode);
    }

    [Theory] // 60
    [InlineData("trap '' TERM; echo ready; while :; do sleep 61; done")]
    [InlineData("trap 'sleep 61' TERM; echo ready; while :; do sleep 0.05; done")]
    public async Task A_command_that_does_not_end_is_killed_when_its_grace_is_over_and_not_before(string script)
    {
        var time = new FakeTimeProvider();
        using var stop = new CancellationTokenSource();
        using var attempt = Bench.Attempt(stop: stop.Token);
        Needs.Of("bwrap", "userns");
        // The fence is tried with the same clock, which stands still: it has held before.
        var running = Shell(script, "grace = \"7s\"", time: time).RunAsync(attempt);
        await attempt.Ready.WaitAsync(Bench.Patience);

        await stop.CancelAsync();
        time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.False(running.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));

        var end = await running.WaitAsync(Bench.Patience);
        Assert.IsType<AttemptOutcome.Stopped>(end.Outcome);
        Assert.Equal(137, end.ExitCode);
    }

    [Fact] // 60
    public async Task A_command_that_has_stopped_itself_is_ended_too()
    {
        using var stop = new CancellationTokenSource();
        using var attempt = Bench.Attempt(stop: stop.Token);
        var running = Shell("echo ready; kill -STOP $$", "grace = \"1h\"").RunAsync(attempt);
        await attempt.Ready.WaitAsync(Bench.Patience);

        await stop.CancelAsync();

        Assert.IsType<AttemptOutcome.Stopped>((await running.WaitAsync(Bench.Patience)).Outcome);
    }

    [Theory] // 61, 62
    [InlineData("(setsid sh -c 'sleep {0} & sleep {0}' >/dev/null 2>&1 </dev/null &); sleep 0.1")]
    [InlineData("(env -i setsid sleep {0} &); sleep {0} & sleep 0.1")]
    public async Task What_a_command_leaves_behind_is_gone_when_it_ends_and_holds_nothing_up(string script)
    {
        var seconds = Bench.UniqueSeconds();
        var started = TimeProvider.System.GetTimestamp();

        var end = await Bench.RunAsync(Shell(script.Replace("{0}", seconds, StringComparison.Ordinal)));

        Assert.IsType<AttemptOutcome.Succeeded>(end.Outcome);
        Assert.Empty(Bench.Processes(seconds));
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
    }

    [Fact] // 58
    public async Task More_processes_than_a_command_may_have_are_refused_and_others_are_not_touched_by_that()
    {
        var seconds = Bench.UniqueSeconds();
        var greedy = Shell(
            $"for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do sleep {seconds} & done; wait",
            "limits = { processes = 10 }"
        );
        var modest = Shell("for i in 1 2 3 4 5 6; do sleep 0.1 & done; wait", "limits = { processes = 10 }");

        var ends = await Task.WhenAll(Bench.RunAsync(greedy), Bench.RunAsync(modest), Bench.RunAsync(modest));

        Assert.Equal(FailureReason.ExitCode, Bench.Reason(ends[0]));
        Assert.IsType<AttemptOutcome.Succeeded>(ends[1].Outcome);
        Assert.IsType<AttemptOutcome.Succeeded>(ends[2].Outcome);
        Assert.Empty(Bench.Processes(seconds));
    }

    [Fact] // 60
    public async Task A_command_that_spins_is_ended_by_its_limit_of_processor_time()
    {
        var end = await Bench.RunAsync(Shell("while :; do :; done", "limits = { cpu = \"1s\" }"));

        Assert.Equal(FailureReason.CpuLimit, Bench.Reason(end));
        Assert.True(end.Usage!.CpuSeconds >= 0.5);
    }

    [Fact] // 53
    public async Task A_file_that_grows_too_large_ends_the_command()
    {
        var end = await Bench.RunAsync(
            Shell("exec head -c 2000000 /dev/zero >/tmp/large", "limits = { file_size = \"1MiB\" }")
        );

        Assert.Equal((153, FailureReason.OutputLimit), (end.ExitCode, Bench.Reason(end)));
    }

    [Fact] // 59
    public async Task A_command_that_takes_too_much_memory_fails_for_that()
    {
        var end = await Bench.RunAsync(Python("x = bytearray(512 << 20)", "limits = { memory = \"64MiB\" }"));

        Assert.Equal(FailureReason.Memory, Bench.Reason(end));
    }

    [Theory] // 59
    // Each of them may have that much; together they may not, and memory files are nobody's.
    [InlineData(
        "import os\nfor i in range(6):\n  if os.fork() == 0: x = bytearray(24 << 20); os.wait() if 0 else __import__('time').sleep(3); os._exit(0)\nfor i in range(6):\n  if os.wait()[1]: raise SystemExit(9)"
    )]
    [InlineData("import os\nf = os.memfd_create('x')\nfor i in range(200): os.write(f, bytes(1 << 20))")]
    [InlineData(
        "open('/tmp/x', 'wb').write(bytes(30 << 20)); open('/tmp/y', 'wb').write(bytes(30 << 20)); x = bytearray(30 << 20)"
    )]
    public async Task Memory_is_bounded_for_all_together_where_a_cgroup_can_be_had_and_else_not(string script)
    {
        var end = await Bench.RunAsync(Python(script, "limits = { memory = \"64MiB\" }"));

        Assert.Equal(ControlGroups.OfThisProcess.IsThere ? FailureReason.Memory : null, Bench.Reason(end));
    }

    [Theory]
    [InlineData("isolated")]
    [InlineData("restricted")]
    public async Task What_an_attempt_used_is_known_though_nobody_stopped_it(string fence)
    {
        var end = await Bench.RunAsync(
            Shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo 12345", "", fence)
        );

        Assert.InRange(end.Usage!.CpuSeconds!.Value, 0.02, 20);
        Assert.InRange(end.Usage.PeakMemoryBytes!.Value, 100_000, 1_000_000_000);
        Assert.Equal(6, end.Usage.OutputBytes);
    }

    [Fact]
    public async Task A_program_that_is_not_below_usr_is_there_though_nothing_is_bound()
    {
        using var folder = new OpenFolder();
        var program = folder.In("program");
        await File.WriteAllTextAsync(program, "#!/bin/sh\necho ran; ls " + folder.Path + "\n");
        File.SetUnixFileMode(program, (UnixFileMode)0x1ED);

        var end = await Bench.RunAsync(Bench.Routine(program, "", sandbox: "isolated"));

        Assert.Equal("ran\nprogram\n", Bench.Data(end));
    }

    [Fact] // 69
    public async Task Two_hundred_starts_leave_no_zombies_no_open_files_and_no_groups()
    {
        var routine = Shell("exit 0", "limits = { files = 64 }");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Bench.RunAsync(routine)));
        var before = Directory.GetFiles("/proc/self/fd").Length;

        var ends = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => RunLongAsync(routine)));

        Assert.All(ends, end => Assert.Equal(0, end.ExitCode));
        await Bench.UntilAsync(() => Bench.Zombies().Length == 0, "zombies are reaped");
        await Bench.UntilAsync(() => Directory.GetFiles("/proc/self/fd").Length < before + 50, "files are closed");
    }

    /// <summary>Runs one of very many, which wait for one another on a small machine.</summary>
    private static async Task<AttemptEnd> RunLongAsync(IRunnableRoutine routine)
    {
        using var attempt = Bench.Attempt();
        return await routine.RunAsync(attempt).WaitAsync(4 * Bench.Patience);
    }

    private static IRunnableRoutine Python(string script, string rest)
    {
        Needs.Of("bwrap", "userns", "python3");
        return Bench.Routine(
            "/usr/bin/python3",
            $"args = [\"-I\", \"-S\", \"-c\", '''{script}''']\n{rest}"
                .Replace("{", "{{", StringComparison.Ordinal)
                .Replace("}", "}}", StringComparison.Ordinal)
                .Replace("limits = {{", "limits = {", StringComparison.Ordinal)
                .Replace("\" }}", "\" }", StringComparison.Ordinal),
            sandbox: "isolated"
        );
    }

    private static IRunnableRoutine Shell(
        string script,
        string rest = "",
        string fence = "isolated",
        TimeProvider? time = null
    )
    {
        Needs.Of("bwrap", "userns");
        return Bench.Routine("/usr/bin/sh", $"args = [\"-c\", '''{script}''']\n{rest}", time, fence);
    }

    /// <summary>A folder that the user of commands may enter, and write where a test says so.</summary>
    private sealed class OpenFolder : IDisposable
    {
        private const UnixFileMode Enter = (UnixFileMode)0x1ED;
        private const UnixFileMode Everything = (UnixFileMode)0x1FF;

        public OpenFolder()
        {
            Needs.Of("bwrap", "userns");
            File.SetUnixFileMode(Path, Enter);
        }

        public string Path { get; } = Directory.CreateTempSubdirectory("aptask-open-").FullName;

        public string In(string name) => System.IO.Path.Combine(Path, name);

        public string Make(string name)
        {
            var folder = Directory.CreateDirectory(In(name)).FullName;
            File.SetUnixFileMode(folder, Everything);
            return folder;
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
