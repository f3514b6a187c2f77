using System.Text;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Tests.Configuration;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Commands;

public sealed class RunningTests
{
    [Fact]
    public async Task A_command_that_succeeds_leaves_its_output_as_data_and_in_the_worklog()
    {
        using var attempt = Bench.Attempt();

        var end = await Bench
            .PuppetRoutine(["echo", "hello", "w\u00f6rld"])
            .RunAsync(attempt)
            .WaitAsync(Bench.Patience);

        Assert.IsType<AttemptOutcome.Succeeded>(end.Outcome);
        Assert.Equal("hello w\u00f6rld", Bench.Data(end));
        Assert.Equal(0, end.ExitCode);
        Assert.Equal("hello w\u00c3\u00b6rld", attempt.Text(LogStream.Out));
        Assert.Equal(12, end.Usage!.OutputBytes);
    }

    [Theory] // 64
    [InlineData("exit 0", 0, null)]
    [InlineData("exit 1", 1, FailureReason.ExitCode)]
    [InlineData("exit 126", 126, FailureReason.ExitCode)]
    [InlineData("exit 127", 127, FailureReason.ExitCode)]
    [InlineData("exit 255", 255, FailureReason.ExitCode)]
    [InlineData("signal 11", 139, FailureReason.ExitCode)]
    [InlineData("signal 31", 159, FailureReason.ExitCode)]
    [InlineData("signal 15", 143, FailureReason.ExitCode)]
    [InlineData("signal 24", 152, FailureReason.CpuLimit)]
    [InlineData("signal 25", 153, FailureReason.OutputLimit)]
    [InlineData("signal 9", 137, FailureReason.Memory)]
    public async Task How_a_command_ends_is_reported_exactly(string how, int code, FailureReason? reason)
    {
        var end = await Bench.RunPuppetAsync(how.Split(' '));

        Assert.Equal(code, end.ExitCode);
        Assert.Equal(reason, Bench.Reason(end));
        Assert.Equal(reason is null, end.Message is null);
    }

    [Fact]
    public async Task An_entry_says_which_exit_codes_are_successes()
    {
        var routine = Bench.PuppetRoutine(["exit", "3"], "success = [0, 3]");

        Assert.IsType<AttemptOutcome.Succeeded>((await Bench.RunAsync(routine)).Outcome);
    }

    [Fact]
    public async Task Arguments_arrive_byte_for_byte()
    {
        string[] sent = ["$(id)", "a b", "'\"", "\\", "*", "", "~", "\u00e4\u4e2d\ud83d\ude00", "-x", "{}"];
        var routine = Bench.PuppetRoutine([
            "args",
            .. sent.Select(text =>
                text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)
            ),
        ]);

        var end = await Bench.RunAsync(routine);

        Assert.Equal(
            sent,
            Bench
                .Data(end)!
                .TrimEnd('\n')
                .Split('\n')
                .Select(line => Encoding.UTF8.GetString(Convert.FromHexString(line)))
        );
    }

    [Fact]
    public async Task The_environment_holds_what_the_entry_says_and_nothing_of_the_daemon()
    {
        Environment.SetEnvironmentVariable("APTASK_TEST_SECRET", "s3cr3t");
        var routine = Bench.Routine("/usr/bin/env", "env = { LANG = \"C.UTF-8\" }");

        var lines = Bench
            .Data(await Bench.RunAsync(routine))!
            .TrimEnd('\n')
            .Split('\n')
            .Order(StringComparer.Ordinal)
            .ToArray();

        Assert.Equal(
            ["APTASK_ATTEMPT_TOKEN=99", "APTASK_TASK=17", "LANG=C.UTF-8", "PATH=/usr/bin:/bin"],
            lines.Where(line => !line.StartsWith("APTASK_JOB=", StringComparison.Ordinal))
        );
        Assert.Equal(5, lines.Length);
    }

    [Fact]
    public async Task A_command_starts_with_no_way_to_new_privileges_default_signals_and_a_session_of_its_own()
    {
        var status = Bench.Data(
            await Bench.RunAsync(Bench.Routine("/usr/bin/cat", "args = [\"/proc/self/status\", \"/proc/self/stat\"]"))
        )!;

        Assert.Contains("NoNewPrivs:\t1", status, StringComparison.Ordinal);
        Assert.Contains("SigIgn:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Contains("SigBlk:\t0000000000000000", status, StringComparison.Ordinal);
        var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
        var pid = status.Split('\n').First(line => line.StartsWith("Pid:", StringComparison.Ordinal))[5..];
        Assert.Equal((pid, pid), (fields[2], fields[3]));
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Contains("Uid:\t65534\t65534\t65534\t65534", status, StringComparison.Ordinal);
            Assert.Contains("CapBnd:\t0000000000000000", status, StringComparison.Ordinal);
            Assert.Contains("Groups:\t \n", status, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Limits_hold_inside()
    {
        var routine = Bench.Routine(
            "/usr/bin/cat",
            "args = [\"/proc/self/limits\"]\nlimits = { cpu = \"7s\", memory = \"100MiB\", files = 64, file_size = \"1MiB\", processes = 500 }"
        );

        var limits = Bench
            .Data(await Bench.RunAsync(routine))!
            .Split('\n')
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .ToArray();

        Assert.Contains("Max cpu time 7 8 seconds", limits);
        Assert.Contains("Max data size 104857600 104857600 bytes", limits);
        Assert.Contains("Max open files 64 64 files", limits);
        Assert.Contains("Max file size 1048576 1048576 bytes", limits);
        Assert.Contains("Max processes 500 500 processes", limits);
        Assert.Contains("Max core file size 0 0 bytes", limits);
    }

    [Fact]
    public async Task A_command_that_spins_is_ended_by_its_limit_of_processor_time()
    {
        var end = await Bench.RunAsync(Bench.PuppetRoutine(["spin"], "limits = { cpu = \"1s\" }"));

        Assert.Equal(FailureReason.CpuLimit, Bench.Reason(end));
    }

    [Fact]
    public async Task A_command_that_takes_too_much_memory_fails_for_that()
    {
        // A runtime needs about 128 MiB of data to start; the puppet takes twice as much on top.
        var end = await Bench.RunAsync(Bench.PuppetRoutine(["alloc", "536870912"], "limits = { memory = \"256MiB\" }"));

        Assert.Equal(FailureReason.Memory, Bench.Reason(end));
    }

    [Fact]
    public async Task Standard_input_is_what_the_parameter_says_and_else_empty()
    {
        var routine = Bench.PuppetRoutine(
            ["cat"],
            "stdin = { from = \"param:text\" }\nparams.text = { type = \"text\" }"
        );

        Assert.Equal("a\n\u00e4", Bench.Data(await Bench.RunAsync(routine, """{"text":"a\n\u00e4"}""")));
        Assert.Equal("", Bench.Data(await Bench.RunPuppetAsync("cat")));
    }

    [Fact]
    public async Task A_command_that_does_not_read_its_input_is_not_held_up_by_it()
    {
        var routine = Bench.PuppetRoutine(
            ["exit", "0"],
            "stdin = { from = \"param:text\", max = \"1MiB\" }\nparams.text = { type = \"text\", max_len = 1048576 }"
        );

        Assert.Equal(0, (await Bench.RunAsync(routine, $$"""{"text":"{{new string('x', 1_000_000)}}"}""")).ExitCode);
    }

    [Theory] // 50, 63
    [InlineData("utf8", """{"ok":true}""", "\"{\\u0022ok\\u0022:true}\"")]
    [InlineData("json", """{"ok":true}""", """{"ok":true}""")]
    [InlineData("json", " [1, 2] ", "[1,2]")]
    [InlineData("base64", "\u202e\u00e4", "\"4oCuw6Q=\"")]
    [InlineData("none", "x", null)]
    public async Task Output_becomes_data_in_the_form_that_the_entry_says(string form, string output, string? data)
    {
        var end = await Bench.RunAsync(
            Cat($"stdout = {{ as = \"{form}\" }}"),
            JsonSerializer.Serialize(new { text = output })
        );

        Assert.IsType<AttemptOutcome.Succeeded>(end.Outcome);
        Assert.Equal(data, end.Data.IsEmpty ? null : Encoding.UTF8.GetString(end.Data.Span));
    }

    [Fact] // 50
    public async Task Escapes_and_broken_bytes_in_output_are_carried_as_data()
    {
        var routine = Bench.Routine("/usr/bin/printf", "args = ['\\033]52;x\\007\\r\\377{{\"ok\":true}}\\n']");

        var end = await Bench.RunAsync(routine);

        Assert.Equal("\u001b]52;x\a\r\ufffd{\"ok\":true}\n", Bench.Data(end));
        Assert.DoesNotContain(Encoding.UTF8.GetString(end.Data.Span), char.IsControl);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("{}{}")]
    [InlineData("")]
    [InlineData("""{"a":1,"a":2}""")]
    public async Task Output_that_is_not_the_JSON_it_should_be_fails_the_task(string output)
    {
        var end = await Bench.RunAsync(
            Cat("stdout = { as = \"json\" }"),
            JsonSerializer.Serialize(new { text = output })
        );

        Assert.Equal(FailureReason.BadOutput, Bench.Reason(end));
        Assert.Contains("not JSON", end.Message!, StringComparison.Ordinal);
    }

    private static IRunnableRoutine Cat(string rest) =>
        Bench.PuppetRoutine(
            ["cat"],
            rest + "\nstdin = { from = \"param:text\" }\nparams.text = { type = \"text\", unicode = true }"
        );

    [Fact]
    public async Task A_flood_of_output_is_cut_and_the_command_runs_on()
    {
        using var attempt = Bench.Attempt();
        var routine = Bench.PuppetRoutine(["spew", "20000000"], "stdout = { max = \"1KiB\" }");

        var end = await routine.RunAsync(attempt).WaitAsync(Bench.Patience);

        Assert.IsType<AttemptOutcome.Succeeded>(end.Outcome);
        Assert.Equal(1024, Bench.Data(end)!.Length);
        Assert.Equal(1024, attempt.Text(LogStream.Out).Length);
        Assert.Contains("cut after 1KiB", attempt.Text(LogStream.Log), StringComparison.Ordinal);
        Assert.Equal(20_000_000, end.Usage!.OutputBytes);
    }

    [Theory]
    [InlineData("stdout", "spew 1000000000")]
    [InlineData("stderr", "spew 1000000000 err")]
    public async Task A_flood_of_output_can_end_the_command(string stream, string how)
    {
        var end = await Bench.RunAsync(
            Bench.PuppetRoutine(how.Split(' '), $"{stream} = {{ max = \"64KiB\", on_limit = \"kill\" }}")
        );

        Assert.Equal(FailureReason.OutputLimit, Bench.Reason(end));
    }

    [Fact] // 49
    public async Task A_program_that_was_replaced_since_it_was_allowed_does_not_run()
    {
        using var folder = new ConfigurationFolder();
        var program = folder.File("program");
        File.Copy("/usr/bin/true", program);
        var routine = Bench.Routine(program, Environment.IsPrivilegedProcess ? "user = \"root\"" : "");
        Assert.Equal(0, (await Bench.RunAsync(routine)).ExitCode);

        File.Copy("/usr/bin/true", program + ".new");
        File.Move(program + ".new", program, overwrite: true);
        var end = await Bench.RunAsync(routine);

        Assert.Equal(FailureReason.Revoked, Bench.Reason(end));
        Assert.Contains("reload", end.Message!, StringComparison.Ordinal);
    }

    [Fact] // 42
    public async Task A_link_that_is_turned_around_all_the_time_never_leads_a_command_out_of_its_folder()
    {
        const int tries = 1000;
        using var folder = new ConfigurationFolder();
        var data = Directory.CreateDirectory(folder.File("data")).FullName;
        folder.With("data/inside", "inside").With("outside", "outside");
        var (link, spare) = (Path.Combine(data, "link"), Path.Combine(data, "spare"));
        File.CreateSymbolicLink(link, Path.Combine(data, "inside"));
        var binder = Entries.Binder(
            $$"""
            args = ["--", "{p}"]
            params.p = { type = "path", under = "{{data}}", must_exist = true }
            """
        );
        using var enough = new CancellationTokenSource();
        var turns = 0;
        var turning = Task.Run(() =>
        {
            for (; !enough.IsCancellationRequested; Interlocked.Increment(ref turns))
            {
                File.CreateSymbolicLink(spare, turns % 2 == 0 ? folder.File("outside") : Path.Combine(data, "inside"));
                File.Move(spare, link, overwrite: true);
            }
        });
        var (taken, refused) = (0, 0);
        for (var n = 0; (n < tries || Volatile.Read(ref turns) < tries / 2) && !turning.IsCompleted; n++)
        {
            if (binder.Bind(Entries.Json("""{"p":"link"}"""), BindingMode.Strict) is not Binding.Bound bound)
            {
                refused++;
                continue;
            }
            // As before an attempt: checked again, and what the program opens is what was checked.
            if (binder.Complete(bound.Arguments, new Dictionary<string, DependencyResult>(), out _) is not { } line)
            {
                refused++;
                continue;
            }
            taken++;
            Assert.Equal("inside", await File.ReadAllTextAsync(line.Arguments[^1]));
        }

        await enough.CancelAsync();
        await turning;
        Assert.True(taken > 0 && refused > 0, $"{taken} were taken and {refused} refused: that is no race.");
    }

    [Fact] // 47
    public async Task A_program_of_the_same_name_nearby_is_not_run_instead()
    {
        using var folder = new ConfigurationFolder();
        folder.With("true", "#!/bin/sh\necho hijacked\n");
        File.SetUnixFileMode(folder.File("true"), (UnixFileMode)0x1ED);
        var routine = Bench.Routine(
            "/usr/bin/true",
            $"cwd = \"{(Environment.IsPrivilegedProcess ? "/" : folder.Path)}\"\nenv = {{ PATH = \"{folder.Path}\" }}\nunsafe_env = true"
        );

        Assert.Equal("", Bench.Data(await Bench.RunAsync(routine)));
    }

    [Fact]
    public async Task A_command_can_have_a_folder_of_its_own()
    {
        using var attempt = Bench.Attempt();
        var routine = Bench.Routine("/usr/bin/pwd", "cwd = \"scratch\"");

        var end = await routine.RunAsync(attempt).WaitAsync(Bench.Patience);

        Assert.Equal(attempt.ScratchFolder + "\n", Bench.Data(end));
    }

    [Fact]
    public async Task A_command_reaches_the_files_of_its_working_folder_when_its_user_may_not_enter_the_folders_above()
    {
        using var folder = new ConfigurationFolder();
        var inner = Directory.CreateDirectory(folder.File("clone")).FullName;
        File.SetUnixFileMode(inner, (UnixFileMode)0x1ED);
        await File.WriteAllTextAsync(Path.Combine(inner, "a.txt"), "one\ntwo\n");
        var routine = Bench.Routine(
            "/usr/bin/wc",
            $"args = [\"-l\", \"--\", \"{{file}}\"]\ncwd = \"{inner}\"\nparams.file = {{ type = \"path\", under = \"{inner}\", must_exist = true }}"
        );

        Assert.Equal("2 a.txt\n", Bench.Data(await Bench.RunAsync(routine, """{"file":"a.txt"}""")));
    }

    [Fact]
    public async Task Another_user_owns_its_own_folder()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can change users");
        using var attempt = Bench.Attempt();
        var routine = Bench.Routine("/usr/bin/stat", "args = [\"-c\", \"%U\", \".\"]\ncwd = \"scratch\"");

        var end = await routine.RunAsync(attempt).WaitAsync(Bench.Patience);

        Assert.Equal("nobody\n", Bench.Data(end));
    }

    [Fact]
    public async Task A_task_that_was_bound_with_values_that_are_no_longer_allowed_does_not_run()
    {
        var routine = Bench.PuppetRoutine(["exit", "{code}"], "params.code = { type = \"int\", min = 0, max = 3 }");

        var end = await Bench.RunAsync(routine, """{"code":4}""");

        Assert.Equal(FailureReason.Revoked, Bench.Reason(end));
    }

    [Fact]
    public async Task Two_hundred_starts_leave_no_zombies_and_no_open_files()
    {
        var routine = Bench.Routine("/usr/bin/true", "");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Bench.RunAsync(routine)));
        var before = Directory.GetFiles("/proc/self/fd").Length;

        var ends = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Bench.RunAsync(routine)));

        Assert.All(ends, end => Assert.Equal(0, end.ExitCode));
        await Bench.UntilAsync(() => Bench.Zombies().Length == 0, "zombies are reaped");
        await Bench.UntilAsync(() => Directory.GetFiles("/proc/self/fd").Length < before + 50, "files are closed");
    }
}
