using System.Text.Json;
using AptTask.Host.Tests.Routines;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Workers;

/// <summary>When a worker is used again, when it is replaced, and when a plugin is given a rest.</summary>
public sealed class WorkerPoolTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WorkerFolder _workers = new("Ruinous");

    private DropFolder _folder => _workers.Folder;

    public ValueTask InitializeAsync() => _workers.InitializeAsync();

    public ValueTask DisposeAsync() => _workers.DisposeAsync();

    [Theory]
    [InlineData("""{"frame":"log","call":1}""")]
    [InlineData("""{"frame":"log","call":1,"stream":"out","text":null}""")]
    [InlineData("""{"frame":"post","call":1}""")]
    [InlineData("""{"frame":"post","call":1,"data":7}""")]
    [InlineData("""{"frame":"end","call":1,"reason":"no reason"}""")]
    [InlineData("""{"frame":"described","routines":[null]}""")]
    [InlineData("""{"frame":"included"}""")]
    [InlineData("""{"frame":"run","call":1}""")]
    [InlineData("{}")]
    public async Task A_forged_frame_of_the_workers_own_attempt_ends_the_worker_and_never_the_daemon(string frame)
    {
        var arguments = JsonSerializer.Serialize(new Dictionary<string, string> { ["frame"] = frame });
        var end = await _folder.RunAsync("ruin.forge", arguments).WaitAsync(Patience);

        Assert.Equal(FailureReason.WorkerDied, Assert.IsType<AttemptOutcome.Failed>(end.Outcome).Reason);
        Assert.Equal("\"fresh\"", await _folder.DataOfAsync("ruin.echo", """{"text": "fresh"}"""));
    }

    [Fact]
    public async Task A_thread_that_throws_after_the_end_is_the_fault_of_no_task()
    {
        var end = await _folder.RunAsync("ruin.later").WaitAsync(Patience);
        Assert.True(end.Outcome is AttemptOutcome.Succeeded, $"{end.Outcome}: {end.Message}");

        await Assert.Single(_folder.Workers.Workers).Worker.Ended.WaitAsync(Patience);

        Assert.Equal("\"fresh\"", await _folder.DataOfAsync("ruin.echo", """{"text": "fresh"}"""));
    }

    [Fact]
    public async Task Thousands_of_attempts_one_after_the_other_each_get_their_own_end()
    {
        _folder.WorkerRules = rules => rules with { Count = 2, RecycleAfter = 1_000_000 };
        await _folder.LoadAsync();

        await Task.WhenAll(Enumerable.Range(0, 2).Select(RunManyAsync)).WaitAsync(Patience);

        async Task RunManyAsync(int lane)
        {
            for (var i = 0; i < 3000; i++)
            {
                var text = $"{lane}-{i}";
                Assert.Equal(
                    $"\"{text}\"",
                    await _folder.DataOfAsync("ruin.echo", $$"""{"text": "{{text}}"}""").WaitAsync(Patience)
                );
            }
        }
    }

    [Fact]
    public async Task A_worker_is_used_again_and_replaced_after_so_many_tasks()
    {
        _folder.WorkerRules = rules => rules with { Count = 1, RecycleAfter = 3 };
        await _folder.LoadAsync();
        var calls = new List<string>();
        for (var i = 0; i < 7; i++)
            calls.Add(await _folder.DataOfAsync("ruin.calls"));

        Assert.Equal(["1", "2", "3", "1", "2", "3", "1"], calls);
    }

    [Fact]
    public async Task A_plugin_whose_workers_die_one_after_the_other_is_given_a_rest_and_says_so()
    {
        _folder.WorkerRules = rules => rules with { MaxDeaths = 3 };
        await _folder.LoadAsync();
        for (var i = 0; i < 3; i++)
            await _folder.RunAsync("ruin.exit").WaitAsync(Patience);

        Assert.Contains(
            "plugin Ruinous is failing: 3 of its workers died",
            _folder.Routine("ruin.echo").Descriptor.Trouble
        );
        var end = await _folder.RunAsync("ruin.echo", """{"text": "a"}""").WaitAsync(Patience);
        Assert.Equal(FailureReason.WorkerDied, Assert.IsType<AttemptOutcome.Failed>(end.Outcome).Reason);

        await _folder.LoadAsync();
        Assert.Null(_folder.Routine("ruin.echo").Descriptor.Trouble);
        Assert.Equal("\"a\"", await _folder.DataOfAsync("ruin.echo", """{"text": "a"}"""));
    }

    [Fact]
    public async Task A_reload_lets_a_task_finish_in_its_old_process_and_gives_the_next_one_a_new_process()
    {
        using var attempt = RecordingAttempt.With();
        var running = _folder.Routine("ruin.ignore").RunAsync(attempt);
        await attempt.Begun.WaitAsync(Patience);
        var before = await _folder.DataOfAsync("ruin.pid");

        File.WriteAllText(Path.Combine(_folder.Folder, "Ruinous", "notes.txt"), "another version");
        await _folder.LoadAsync();

        Assert.NotEqual(before, await _folder.DataOfAsync("ruin.pid"));
        Assert.False(running.IsCompleted);
        Assert.Equal(1, Assert.Single(_folder.Catalogue.TakeRetired()).Running);
        attempt.ForceToStop();
        Assert.IsType<AttemptOutcome.Stopped>((await running.WaitAsync(Patience)).Outcome);
    }
}
