using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Execution;
using AptTask.Host.Output;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Execution;

/// <summary>What a routine may do with its attempt, also when it does it at the wrong time.</summary>
public sealed class RunningAttemptTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly LiveWorkLogs _logs = new(4096, TimeProvider.System);
    private readonly RecordingEvents _events = new();
    private readonly string _scratch = Directory.CreateTempSubdirectory("attempt-").FullName;

    public void Dispose() => Directory.Delete(_scratch, recursive: true);

    [Fact]
    public void A_flood_of_reports_is_told_once_until_it_was_looked_at_and_the_newest_counts()
    {
        using var attempt = Attempt();
        for (var step = 0; step <= 1_000; step++)
            attempt.Report(step / 1000.0, $"step {step}");
        Assert.Equal(1, _events.Reports);

        Assert.Equal((1, "step 1000"), attempt.Take());
        attempt.Report(0.5, null);

        Assert.Equal(2, _events.Reports);
        Assert.Equal((0.5, "step 1000"), attempt.Take());
    }

    [Fact]
    public void Progress_is_from_none_to_all_whatever_the_routine_says()
    {
        using var attempt = Attempt();

        attempt.Report(17, null);
        Assert.Equal(1, attempt.Take().Progress);
        attempt.Report(-1, null);
        Assert.Equal(0, attempt.Take().Progress);
        attempt.Report(0.25, null);
        attempt.Report(double.NaN, null);
        Assert.Equal(0.25, attempt.Take().Progress);
    }

    [Fact]
    public void A_long_message_is_cut_between_characters()
    {
        using var attempt = Attempt();

        Assert.Equal("12345678 …", attempt.Cut("12345678 and more"));
        Assert.Equal("12345678…", attempt.Cut("12345678😀 and more"));
        Assert.Equal("12345678 0", attempt.Cut("12345678 0"));
        Assert.Null(attempt.Cut(null));
    }

    [Fact]
    public void Posted_data_has_a_limit_that_is_said_to_the_routine()
    {
        using var attempt = Attempt();

        Assert.True(attempt.Post("a", Json("\"123456789\"")));
        Assert.False(attempt.Post("b", Json("\"123456789\"")));
        Assert.True(attempt.Post("c", Json("1")));

        Assert.Equal(["a", "c"], _events.Posted);
    }

    [Fact]
    public async Task Who_throws_when_asked_to_stop_is_forced_all_the_same()
    {
        using var attempt = Attempt();
        var forced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var hostile = attempt.Stop.Register(() => throw new InvalidOperationException("I will not."));
        await using var end = attempt.Force.Register(forced.SetResult);

        attempt.Cancel(force: true);

        await forced.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(attempt.Stop.IsCancellationRequested);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stop_that_comes_when_it_has_ended_does_nothing(bool force)
    {
        var attempt = Attempt();
        attempt.Dispose();

        attempt.Cancel(force);
    }

    [Fact]
    public void What_is_logged_is_live_until_the_end_and_goes_to_the_store_then()
    {
        var attempt = Attempt(logStart: 10);
        attempt.Log(LogStream.Out, "a"u8);
        attempt.Log(LogStream.Err, "b"u8);
        attempt.Log(LogStream.Log, "c"u8);
        Assert.Equal(13, _logs.Find(7)!.Length);

        var tail = attempt.EndLog();
        attempt.Dispose();

        Assert.Equal(13, tail.Length);
        Assert.Equal(["out", "err", "log"], WorkLogCode.Read(tail.Content).Select(piece => piece.Stream));
        Assert.Null(_logs.Find(7));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_logged_after_the_end_goes_nowhere(bool loggedBefore)
    {
        var attempt = Attempt();
        if (loggedBefore)
            attempt.Log(LogStream.Out, "a"u8);
        var tail = attempt.EndLog();
        attempt.Log(LogStream.Out, "late"u8);
        Assert.Equal(tail.Length, _logs.Find(7)?.Length ?? 0);

        attempt.Dispose();
        attempt.Log(LogStream.Out, "later"u8);

        Assert.Null(_logs.Find(7));
    }

    [Fact]
    public void Its_folder_is_made_when_it_is_asked_for_and_gone_afterwards()
    {
        var attempt = Attempt();
        Assert.Empty(Directory.GetDirectories(_scratch));
        File.WriteAllText(Path.Combine(attempt.ScratchFolder, "file"), "");
        Assert.Single(Directory.GetDirectories(_scratch));

        attempt.Dispose();

        Assert.Empty(Directory.GetDirectories(_scratch));
    }

    private RunningAttempt Attempt(long logStart = 0) =>
        new(_events, _logs, new ExecutionLimits { MessageLength = 10, PostedBytes = 20 }, _scratch, logStart)
        {
            Task = new TaskId(1),
            Token = new AttemptToken(7),
            Number = 1,
            Group = new GroupName("site"),
            Arguments = "{}"u8.ToArray(),
        };

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
