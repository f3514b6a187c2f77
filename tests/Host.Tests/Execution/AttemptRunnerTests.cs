using AptTask.Host.Engine;
using AptTask.Host.Execution;
using AptTask.Host.Output;
using AptTask.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;

namespace AptTask.Host.Tests.Execution;

/// <summary>Rights and arguments are checked again before every attempt, and every attempt ends once.</summary>
public sealed class AttemptRunnerTests : IDisposable
{
    private readonly RoutineCatalogue _catalogue = new();
    private readonly Rights _rights = new();
    private readonly RecordingEvents _events = new();
    private readonly string _scratch = Directory.CreateTempSubdirectory("runner-").FullName;
    private readonly AttemptRunner _runner;
    private int _tokens;

    public AttemptRunnerTests() =>
        _runner = new AttemptRunner(
            _catalogue,
            _rights,
            new LiveWorkLogs(4096, TimeProvider.System),
            new ExecutionLimits { ResultBytes = 10 },
            _scratch,
            NullLogger<AttemptRunner>.Instance
        );

    public void Dispose() => Directory.Delete(_scratch, recursive: true);

    [Fact]
    public async Task A_routine_is_given_its_arguments_and_its_end_is_told_with_the_worklog()
    {
        Offer(attempt =>
        {
            attempt.Log(LogStream.Out, attempt.Arguments.Span);
            return Task.FromResult(new AttemptEnd(AttemptOutcome.Succeeded.Instance) { Data = "1"u8.ToArray() });
        });

        Start();

        var (end, log) = await _events.NextEndAsync();
        Assert.IsType<AttemptOutcome.Succeeded>(end.Outcome);
        Assert.Equal(2, log.Length);
    }

    [Fact]
    public async Task A_routine_that_is_gone_is_revoked()
    {
        Start();

        await AssertRevokedAsync("no longer there");
    }

    [Fact]
    public async Task A_key_that_is_gone_revokes_what_it_asked_for()
    {
        Offer(Succeed);
        _rights.Requester = null;

        Start();

        await AssertRevokedAsync("no longer run");
    }

    [Fact]
    public async Task A_key_that_may_no_longer_use_the_routine_revokes_what_it_asked_for()
    {
        Offer(Succeed);
        _rights.Requester = new Requester("web", Role.User, ["site"], ["other*"]);

        Start();

        await AssertRevokedAsync("no longer run");
    }

    [Fact]
    public async Task Arguments_that_are_no_longer_allowed_revoke_and_say_why()
    {
        _catalogue.Replace([
            new ScriptedRoutine(
                ScriptedRoutine.Named("work"),
                Succeed,
                _ => new Binding.Refused("bad_argument", "`width` is at most 10.")
            ),
        ]);

        Start();

        await AssertRevokedAsync("`width` is at most 10.");
    }

    [Fact]
    public async Task A_routine_that_cannot_be_fenced_does_not_run()
    {
        _catalogue.Replace([
            new ScriptedRoutine(ScriptedRoutine.Named("work") with { Unavailable = "Install bubblewrap." }, Succeed),
        ]);

        Start();

        var (end, _) = await _events.NextEndAsync();
        Assert.Equal(FailureReason.SandboxFailed, Assert.IsType<AttemptOutcome.Failed>(end.Outcome).Reason);
        Assert.Equal("Install bubblewrap.", end.Message);
    }

    [Fact]
    public async Task A_routine_that_throws_fails_alone_and_its_words_stay_inside()
    {
        Offer(_ => throw new InvalidOperationException("secret of the plugin"));

        Start();

        var (end, _) = await _events.NextEndAsync();
        Assert.Equal(FailureReason.Exception, Assert.IsType<AttemptOutcome.Failed>(end.Outcome).Reason);
        Assert.DoesNotContain("secret", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_is_too_large_fails_and_is_not_tried_again()
    {
        Offer(_ =>
            Task.FromResult(new AttemptEnd(AttemptOutcome.Succeeded.Instance) { Data = new byte[11], ExitCode = 0 })
        );

        Start();

        var (end, _) = await _events.NextEndAsync();
        Assert.Equal(new AttemptOutcome.Failed(FailureReason.ResultTooLarge, Retryable: false), end.Outcome);
        Assert.True(end.Data.IsEmpty);
        Assert.Contains("results.max_result", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_reaches_the_attempt_that_it_means_and_no_other()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Offer(async attempt =>
        {
            started.TrySetResult();
            await Task.WhenAny(Task.Delay(Timeout.Infinite, attempt.Stop));
            return new AttemptEnd(AttemptOutcome.Stopped.Instance)
            {
                ExitCode = attempt.Force.IsCancellationRequested ? 9 : 0,
            };
        });
        var token = Start();
        await started.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        _runner.Stop(new AttemptToken(99), force: true);
        Assert.Null(_events.TakeEnd());
        _runner.Stop(token, force: false);

        var (end, _) = await _events.NextEndAsync();
        Assert.IsType<AttemptOutcome.Stopped>(end.Outcome);
        Assert.Equal(0, end.ExitCode);
    }

    [Fact]
    public async Task Everything_that_was_posted_is_told_before_the_end()
    {
        Offer(attempt =>
        {
            for (var index = 0; index < 50; index++)
                attempt.Post($"{index}", One);
            return Succeed(attempt);
        });

        Start();
        await _events.NextEndAsync();

        Assert.Equal(Enumerable.Range(0, 50).Select(index => $"{index}"), _events.Posted);
    }

    private static System.Text.Json.JsonElement One { get; } =
        System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>("1");

    private static Task<AttemptEnd> Succeed(AttemptContext attempt) =>
        Task.FromResult(new AttemptEnd(AttemptOutcome.Succeeded.Instance));

    private void Offer(Func<AttemptContext, Task<AttemptEnd>> run) =>
        _catalogue.Replace([new ScriptedRoutine(ScriptedRoutine.Named("work"), run)]);

    private AttemptToken Start()
    {
        var token = new AttemptToken(++_tokens);
        var spec = new TaskSpec
        {
            Id = new TaskId(1),
            Group = new GroupName("site"),
            Lane = new LaneName("default"),
        };
        var order = new WorkOrder("work", "{}"u8.ToArray(), "web", Role.User, KeepRule.Ack);
        _runner.Start(new AttemptOrder(spec, order, token, 1, 0, new Dictionary<string, DependencyResult>()), _events);
        return token;
    }

    private async Task AssertRevokedAsync(string why)
    {
        var (end, _) = await _events.NextEndAsync();
        Assert.Equal(FailureReason.Revoked, Assert.IsType<AttemptOutcome.Failed>(end.Outcome).Reason);
        Assert.Contains(why, end.Message, StringComparison.Ordinal);
    }

    private sealed class Rights : IRequesterDirectory
    {
        public Requester? Requester { get; set; } = new("web", Role.User, ["site"], []);

        public Requester? Find(string? key, Role role) => Requester;
    }
}
