using System.Text;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Routines;

public sealed class RunningTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DropFolder _folder = new("Sampler", "Hostile");

    public RunningTests() => _folder.Load();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_result_is_written_in_snake_case_with_names_and_seconds() =>
        Assert.Equal(
            """{"max_width":5,"where":"top_left","took":1.5,"nothing":null}""",
            await _folder.DataOfAsync("sampler.answer", """{"max_width": 5}""")
        );

    [Theory]
    [InlineData("list", """[1,"a",null,true,2.5,"top_left"]""")]
    [InlineData("map", """{"top_left":1}""")]
    [InlineData("readonly map", """{"aB":1}""")]
    [InlineData("tuple", """[1,"two"]""")]
    [InlineData("bytes", "\"AQID\"")]
    [InlineData("ip", "\"127.0.0.1\"")]
    [InlineData("json", """{"a":[1]}""")]
    [InlineData("text", "\"\\u001B[31m\\u2028\\u0022\"")]
    [InlineData("null", "null")]
    public async Task Each_kind_of_result_has_a_form(string kind, string data) =>
        Assert.Equal(data, await _folder.DataOfAsync("sampler.results", $$"""{"kind": "{{kind}}"}"""));

    [Fact]
    public async Task A_routine_knows_its_task_and_speaks_through_its_context()
    {
        using var attempt = RecordingAttempt.With(
            "{}",
            ("up", new DependencyResult(new TaskId(3), TaskOutcome.Done, "[7]"u8.ToArray(), []))
        );
        var end = await _folder.Routine("sampler.context").RunAsync(attempt).WaitAsync(Patience);

        Assert.Equal(
            """{"task_id":17,"group":"web","job_id":"job-a","attempt":2,"attempt_token":99,"posted":true,"seen":{"up":[7]}}""",
            Encoding.UTF8.GetString(end.Data.Span)
        );
        Assert.Equal("a line\n", attempt.LogText);
        Assert.Equal("[1,2]", attempt.Posted["numbers"]);
        Assert.True(File.Exists(Path.Combine(attempt.ScratchFolder, "here.txt")));
    }

    [Fact]
    public async Task What_a_class_leaves_is_its_result_and_its_closing_message()
    {
        var end = await _folder.RunAsync("sampler.stepwise", """{"second": "s"}""").WaitAsync(Patience);
        Assert.Equal("""{"second":"s","first":4}""", Encoding.UTF8.GetString(end.Data.Span));
        Assert.Equal("done", end.Message);
    }

    [Fact]
    public void What_the_author_says_about_running_it_holds()
    {
        var policy = _folder.Routine("sampler.stepwise").Descriptor.Policy;
        Assert.Equal(
            ("slow", 2, 3, TimeSpan.FromSeconds(1.5), true),
            (policy.Lane, policy.Weight, policy.Concurrency, policy.Timeout, policy.Idempotent)
        );
    }

    [Theory]
    [InlineData("zero", true, 0)]
    [InlineData("three", false, 3)]
    [InlineData("one", true, null)]
    [InlineData("minus", false, null)]
    [InlineData("nan", false, null)]
    [InlineData("string", true, null)]
    public async Task A_step_says_how_the_routine_ends(string kind, bool done, int? exitCode)
    {
        using var attempt = RecordingAttempt.With(_folder.Bound("hostile.steps", $$"""{"kind": "{{kind}}"}"""));
        var end = await _folder.Routine("hostile.steps").RunAsync(attempt).WaitAsync(Patience);

        Assert.Equal(done, end.Outcome is AttemptOutcome.Succeeded);
        Assert.Equal(exitCode, end.ExitCode);
        Assert.Equal("disposed\n", attempt.LogText);
    }

    [Theory]
    [InlineData("hostile.throw", "InvalidOperationException: It threw.")]
    [InlineData("hostile.throw_later", "AggregateException: One or more errors occurred. (one) (two)")]
    [InlineData(
        "hostile.unreadable",
        "UnreadableException: its message cannot be read, since reading it throws as well"
    )]
    [InlineData("hostile.initialiser", "InvalidOperationException: The initialiser threw.")]
    [InlineData("hostile.constructor", "InvalidOperationException: The constructor threw.")]
    [InlineData("hostile.cancelled", "OperationCanceledException: The operation was canceled.")]
    [InlineData("hostile.getter", "InvalidOperationException: getter")]
    [InlineData("hostile.nan", "The result cannot be written as JSON: '.inner[1]' is NaN, which JSON has no form for.")]
    [InlineData("hostile.type", "The result cannot be written as JSON: it is a RuntimeType, which is no data.")]
    public async Task A_routine_that_throws_fails_with_its_text(string routine, string message)
    {
        var end = await _folder.RunAsync(routine).WaitAsync(Patience);
        Assert.Equal(new AttemptOutcome.Failed(FailureReason.Exception), end.Outcome);
        Assert.Equal(message, end.Message);
    }

    [Fact]
    public async Task A_result_that_contains_itself_fails_with_where()
    {
        var end = await _folder.RunAsync("hostile.cyclic").WaitAsync(Patience);
        Assert.StartsWith("The result cannot be written as JSON: '.self.self.self", end.Message);
        Assert.EndsWith("is nested deeper than 48 levels or refers to itself.", end.Message);
    }

    [Fact]
    public async Task A_message_without_end_is_cut()
    {
        var end = await _folder.RunAsync("hostile.long_message").WaitAsync(Patience);
        Assert.InRange(end.Message!.Length, 1000, 2100);
    }

    [Theory]
    [InlineData("hostile.huge")]
    [InlineData("hostile.endless")]
    public async Task A_result_over_the_limit_fails_as_too_large(string routine)
    {
        var end = await _folder.RunAsync(routine).WaitAsync(Patience);
        Assert.Equal(new AttemptOutcome.Failed(FailureReason.ResultTooLarge), end.Outcome);
    }

    [Fact]
    public async Task Memory_that_cannot_be_had_is_its_own_reason() =>
        Assert.Equal(
            new AttemptOutcome.Failed(FailureReason.Memory),
            (await _folder.RunAsync("hostile.allocate").WaitAsync(Patience)).Outcome
        );

    [Fact]
    public async Task Progress_is_clamped()
    {
        using var attempt = RecordingAttempt.With();
        await _folder.Routine("hostile.reports").RunAsync(attempt).WaitAsync(Patience);
        Assert.Equal([0.0, 1.0, 0.0], attempt.Reports.Take(3).Select(report => report.Progress));
        Assert.All(attempt.Reports, report => Assert.InRange(report.Progress, 0, 1));
    }

    [Fact]
    public async Task A_class_is_told_to_abort_and_an_abort_that_throws_does_no_harm()
    {
        using var attempt = RecordingAttempt.With();
        var run = _folder.Routine("hostile.abort").RunAsync(attempt);
        await attempt.Begun.WaitAsync(Patience);
        attempt.AskToStop();

        Assert.IsType<AttemptOutcome.Stopped>((await run.WaitAsync(Patience)).Outcome);
        Assert.Contains("aborting", attempt.LogText);
        Assert.Contains("The abort threw.", attempt.LogText);
    }

    [Theory]
    [InlineData("hostile.never")]
    [InlineData("hostile.block")]
    public async Task Code_that_does_not_end_is_given_up_after_the_force_and_the_fact_is_told(string routine)
    {
        using var attempt = RecordingAttempt.With();
        var run = _folder.Routine(routine).RunAsync(attempt);
        await attempt.Begun.WaitAsync(Patience);
        attempt.AskToStop();
        attempt.ForceToStop();

        var end = await run.WaitAsync(Patience);
        Assert.IsType<AttemptOutcome.Stopped>(end.Outcome);
        Assert.Contains("was given up", attempt.LogText);
        Assert.Contains("may still run in plugin Hostile", end.Message);

        _folder.Catalogue.Adopt(PluginSet.Empty);
        var retired = Assert.Single(_folder.Catalogue.TakeRetired(), plugin => plugin.Plugin == "Hostile");
        Assert.Equal((1, 1, false), (retired.Running, retired.Abandoned, retired.Unloaded));
        Assert.Contains("still referenced by 1 running attempt, 1 of them given up", retired.Status);
    }

    [Fact]
    public async Task What_is_said_after_the_end_is_dropped()
    {
        using var attempt = RecordingAttempt.With();
        var run = _folder.Routine("hostile.block").RunAsync(attempt);
        await attempt.Begun.WaitAsync(Patience);
        attempt.ForceToStop();
        await run.WaitAsync(Patience);
        var plugin = DropFolder.CodeOf(_folder.Current, "Hostile");

        await _folder.RunAsync("hostile.open").WaitAsync(Patience);
        // One after the other: first it has left, then it is known to have come back after all.
        await UntilAsync(() => plugin is { Running: 0, Abandoned: 0 });

        Assert.DoesNotContain(attempt.Reports, report => report.Message == "after the end");
    }

    [Fact]
    public async Task Eight_attempts_that_hold_their_threads_do_not_starve_another()
    {
        var blocked = Enumerable.Range(0, 8).Select(_ => RecordingAttempt.With()).ToArray();
        var runs = blocked.Select(attempt => _folder.Routine("hostile.block").RunAsync(attempt)).ToArray();
        await Task.WhenAll(blocked.Select(attempt => attempt.Begun)).WaitAsync(Patience);

        await _folder.DataOfAsync("hostile.null").WaitAsync(Patience);
        await _folder.RunAsync("hostile.open").WaitAsync(Patience);
        await Task.WhenAll(runs).WaitAsync(Patience);
        foreach (var attempt in blocked)
            attempt.Dispose();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
