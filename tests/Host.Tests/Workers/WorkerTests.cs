using System.Text;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Tests.Commands;
using AptTask.Host.Tests.Routines;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Workers;

/// <summary>Plugins in processes of their own: whatever they do to themselves, they do it to nobody else.</summary>
public sealed class WorkerTests(WorkerFolder workers) : IClassFixture<WorkerFolder>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DropFolder _folder = workers.Folder;

    [Theory]
    // Not with which code: where coverage is measured, what measures it aborts a process of another user when it exits.
    [InlineData("ruin.exit", "{}", FailureReason.WorkerDied, "its worker process ended")]
    [InlineData("ruin.exit", """{"code": 42}""", FailureReason.WorkerDied, "its worker process ended")]
    [InlineData("ruin.exit_at_once", "{}", FailureReason.WorkerDied, "exit code 43")]
    [InlineData("ruin.failfast", "{}", FailureReason.WorkerDied, "Process terminated. asked to")]
    [InlineData("ruin.stack", "{}", FailureReason.WorkerDied, "Stack overflow.")]
    [InlineData("ruin.native", "{}", FailureReason.WorkerDied, "signal 6")]
    [InlineData("ruin.kill", "{}", FailureReason.WorkerDied, "signal 9")]
    [InlineData("ruin.allocate", "{}", FailureReason.Memory, "memory")]
    [InlineData("ruin.allocate_native", "{}", FailureReason.Memory, "memory")]
    [InlineData("ruin.forge", "{}", FailureReason.WorkerDied, "an attempt that it was not given")]
    [InlineData("ruin.forge", """{"frame": "no frame"}""", FailureReason.WorkerDied, "did not keep to the frames")]
    [InlineData("hostile.throw", "{}", FailureReason.Exception, "It threw.")]
    [InlineData("hostile.unreadable", "{}", FailureReason.Exception, "cannot be read")]
    [InlineData("hostile.long_message", "{}", FailureReason.Exception, "xxx")]
    [InlineData("hostile.huge", "{}", FailureReason.ResultTooLarge, "")]
    [InlineData("hostile.cyclic", "{}", FailureReason.Exception, "refers to itself")]
    [InlineData("hostile.initialiser", "{}", FailureReason.Exception, "The initialiser threw.")]
    public async Task Each_way_to_ruin_a_process_ends_its_own_attempt_with_the_reason_and_the_next_one_goes_on(
        string routine,
        string arguments,
        FailureReason reason,
        string said
    )
    {
        var other = _folder.RunAsync("sampler.answer", """{"max_width": 5}""");
        var end = await _folder.RunAsync(routine, arguments).WaitAsync(Patience);

        var failed = Assert.IsType<AttemptOutcome.Failed>(end.Outcome);
        Assert.Equal(reason, failed.Reason);
        Assert.Contains(said, end.Message, StringComparison.OrdinalIgnoreCase);
        Assert.IsType<AttemptOutcome.Succeeded>((await other.WaitAsync(Patience)).Outcome);
        Assert.Equal("\"still here\"", await _folder.DataOfAsync("ruin.echo", """{"text": "still here"}"""));
    }

    [Theory]
    [InlineData("ruin.hang")]
    [InlineData("ruin.ignore")]
    [InlineData("ruin.stop_itself")]
    public async Task What_does_not_listen_when_told_to_stop_is_killed_after_the_grace(string routine)
    {
        using var attempt = RecordingAttempt.With();
        var running = _folder.Routine(routine).RunAsync(attempt);
        await Bench.UntilAsync(() => attempt.LogText.Length > 0, "it has begun");

        attempt.AskToStop();

        Assert.IsType<AttemptOutcome.Stopped>((await running.WaitAsync(Patience)).Outcome);
        Assert.Equal("\"again\"", await _folder.DataOfAsync("ruin.echo", """{"text": "again"}"""));
    }

    [Fact]
    public async Task Force_kills_at_once_what_a_worker_runs_and_all_that_it_has_started()
    {
        var seconds = Bench.UniqueSeconds();
        using var attempt = RecordingAttempt.With(_folder.Bound("ruin.orphan", $$"""{"seconds": "{{seconds}}"}"""));
        var running = _folder.Routine("ruin.orphan").RunAsync(attempt);
        await attempt.Begun.WaitAsync(Patience);
        await Bench.UntilAsync(() => Bench.Processes(seconds).Length == 2, "both orphans are there");

        attempt.ForceToStop();

        Assert.IsType<AttemptOutcome.Stopped>((await running.WaitAsync(Patience)).Outcome);
        Assert.Empty(Bench.Processes(seconds));
    }

    [Fact]
    public async Task What_is_printed_goes_to_the_worklog_whole_and_never_among_the_frames()
    {
        using var attempt = RecordingAttempt.With();
        var end = await _folder.Routine("ruin.print").RunAsync(attempt).WaitAsync(Patience);

        Assert.True(end.Outcome is AttemptOutcome.Succeeded, $"{end.Outcome}: {end.Message}");
        Assert.Equal("managed\nerror\nnative\n", attempt.LogText);
    }

    [Fact]
    public async Task A_flood_of_prints_is_drained_before_the_end_is_told()
    {
        using var attempt = RecordingAttempt.With("""{"lines":20000}""");
        var end = await _folder.Routine("ruin.flood").RunAsync(attempt).WaitAsync(Patience);

        Assert.True(end.Outcome is AttemptOutcome.Succeeded, $"{end.Outcome}: {end.Message}");
        Assert.EndsWith("the end of the flood\n", attempt.LogText);
        Assert.Equal(20_001, attempt.LogText.Count(letter => letter == '\n'));
    }

    [Fact]
    public async Task Code_cannot_read_the_frames_that_are_meant_for_its_worker() =>
        Assert.Equal("\"nothing to read\"", await _folder.DataOfAsync("ruin.read"));

    [Fact]
    public async Task A_worker_sees_nothing_of_the_daemons_environment()
    {
        Environment.SetEnvironmentVariable("APTASK_TEST_SECRET", "s3cr3t");
        var names = JsonSerializer.Deserialize<string[]>(await _folder.DataOfAsync("ruin.environment"))!;

        Assert.DoesNotContain("APTASK_TEST_SECRET", names);
        Assert.Contains("DOTNET_GCHeapHardLimit", names);
    }

    [Fact]
    public async Task A_scratch_folder_is_the_attempts_own_and_is_gone_after_it()
    {
        var folder = JsonSerializer.Deserialize<string>(await _folder.DataOfAsync("ruin.scratch"))!;

        Assert.False(Directory.Exists(folder), $"{folder} is still there.");
    }

    [Fact]
    public async Task A_routine_in_a_worker_knows_all_that_it_would_know_in_the_daemon()
    {
        using var attempt = RecordingAttempt.With(
            "{}",
            ("up", new DependencyResult(new TaskId(3), TaskOutcome.Done, "[7]"u8.ToArray(), []))
        );
        var end = await _folder.Routine("sampler.context").RunAsync(attempt).WaitAsync(Patience);

        Assert.Null(end.Message);
        Assert.Equal(
            """{"task_id":17,"group":"web","job_id":"job-a","attempt":2,"attempt_token":99,"posted":true,"seen":{"up":[7]}}""",
            Encoding.UTF8.GetString(end.Data.Span)
        );
        Assert.Equal("a line\n", attempt.LogText);
        Assert.Equal("[1,2]", attempt.Posted["numbers"]);
        Assert.NotNull(end.Usage!.CpuSeconds);
        Assert.True(end.Usage.PeakMemoryBytes > 1_000_000);
    }

    [Fact]
    public void A_worker_describes_the_same_routines_and_refuses_the_same_arguments_as_the_daemon_would()
    {
        using var trusted = new DropFolder("Sampler", "Ruinous", "Hostile");
        trusted.Load();

        Assert.Equal(trusted.Current.Routines.Select(Shown), _folder.Current.Routines.Select(Shown));
        var arguments = """{"max_width": "five"}""";
        Assert.Equal(
            trusted.Refused("sampler.answer", arguments).Message,
            _folder.Refused("sampler.answer", arguments).Message
        );
    }

    private static string Shown(IRunnableRoutine routine) =>
        JsonSerializer.Serialize(AptTask.Host.Requests.Views.RoutineOf(routine.Descriptor));
}
