using System.Runtime.CompilerServices;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Routines;

public sealed class ReloadTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DropFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_versions_of_one_dependency_run_side_by_side()
    {
        using var other = new DropFolder("UsesTwo");
        other.Load();
        _folder.Drop("UsesOne");
        _folder.Load();

        Assert.Equal("\"1.0.0\"", await _folder.DataOfAsync("uses.version"));
        Assert.Equal("\"2.0.0\"", await other.DataOfAsync("uses.version"));
        Assert.Equal("plugin uses 1.0.0", _folder.Routine("uses.version").Descriptor.Origin);
    }

    [Fact]
    public async Task A_reload_takes_in_the_new_version_while_a_task_finishes_on_the_old_one()
    {
        _folder.Drop("UsesOne");
        _folder.Load();
        using var attempt = RecordingAttempt.With();
        var run = _folder.Routine("uses.wait").RunAsync(attempt);
        await attempt.Begun.WaitAsync(Patience);

        _folder.Drop("UsesTwo");
        var next = _folder.Load();
        Assert.Equal(PluginChangeKind.Changed, Assert.Single(next.Changes).Kind);
        Assert.Equal("\"2.0.0\"", await _folder.DataOfAsync("uses.version"));
        Assert.Equal("still referenced by 1 running attempt", Assert.Single(_folder.Catalogue.TakeRetired()).Status);

        // Its dependency is looked for only now, long after the files in the drop folder were replaced.
        attempt.AskToStop();
        var end = await run.WaitAsync(Patience);
        Assert.Equal("\"1.0.0\"", System.Text.Encoding.UTF8.GetString(end.Data.Span));
        Assert.Equal(0, Assert.Single(_folder.Catalogue.TakeRetired()).Running);
    }

    [Fact]
    public void What_did_not_change_stays_in_memory()
    {
        _folder.Drop("UsesOne");
        _folder.Drop("NoRoutine");
        var first = _folder.Load();
        _folder.Drop("Sampler");
        Directory.Delete(Path.Combine(_folder.Folder, "NoRoutine"), recursive: true);
        var second = _folder.Load();

        Assert.Equal(
            ["NoRoutine Removed", "Sampler Added", "uses Unchanged"],
            second.Changes.Select(change => $"{change.Plugin} {change.Kind}").Order(StringComparer.Ordinal)
        );
        Assert.Same(DropFolder.CodeOf(first, "uses"), DropFolder.CodeOf(second, "uses"));
    }

    [Fact]
    public async Task A_broken_new_version_leaves_the_old_one_in_use()
    {
        var folder = _folder.Drop("UsesOne");
        _folder.Load();
        await File.WriteAllTextAsync(Path.Combine(folder, "uses.dll"), "half a file");
        var next = _folder.Load();

        var problem = Assert.Single(next.Problems);
        Assert.Contains("uses.dll is not a .NET assembly, or is damaged", problem.Message);
        Assert.Contains("The version loaded before", problem.Message);
        Assert.Equal(PluginChangeKind.Kept, Assert.Single(next.Changes).Kind);
        Assert.Equal("\"1.0.0\"", await _folder.DataOfAsync("uses.version"));
    }

    [Fact]
    public async Task Truncating_a_file_in_the_drop_folder_does_not_hurt_the_daemon()
    {
        var folder = _folder.Drop("UsesOne");
        _folder.Load();
        foreach (var file in Directory.GetFiles(folder, "*.dll"))
            await File.WriteAllBytesAsync(file, []);

        Assert.Equal("\"1.0.0\"", await _folder.DataOfAsync("uses.version"));
    }

    [Fact]
    public void A_reload_that_is_not_wanted_changes_nothing()
    {
        _folder.Drop("UsesOne");
        var first = _folder.Load();
        _folder.Drop("UsesTwo");
        _folder.Catalogue.Discard(_folder.Prepare());

        Assert.Same(first, _folder.Current);
        Assert.Equal("plugin uses 1.0.0", _folder.Routine("uses.version").Descriptor.Origin);
    }

    [Fact]
    public async Task A_routine_that_was_looked_up_before_a_reload_is_led_to_its_successor()
    {
        _folder.Drop("UsesOne");
        _folder.Load();
        var found = _folder.Routine("uses.version");
        _folder.Drop("UsesTwo");
        _folder.Load();

        var end = await found.RunAsync(RecordingAttempt.With()).WaitAsync(Patience);
        Assert.Equal("\"2.0.0\"", System.Text.Encoding.UTF8.GetString(end.Data.Span));
    }

    [Fact]
    public async Task A_routine_that_was_removed_ends_as_revoked()
    {
        var folder = _folder.Drop("UsesOne");
        _folder.Load();
        var found = _folder.Routine("uses.version");
        Directory.Delete(folder, recursive: true);
        _folder.Load();

        var end = await found.RunAsync(RecordingAttempt.With()).WaitAsync(Patience);
        Assert.Equal(new AttemptOutcome.Failed(FailureReason.Revoked, Retryable: false), end.Outcome);
    }

    [Theory]
    [InlineData("UsesOne", "uses.version", "{}")]
    [InlineData("Sampler", "sampler.answer", """{"max_width": 3}""")]
    [InlineData("Sampler", "sampler.scalars", """{"text": "abc"}""")]
    [InlineData(
        "Sampler",
        "sampler.shapes",
        """{"numbers": [1], "boxes": [{"width": 1}], "weights": {"a": 1}, "settings": {"title": "x"}, "names": ["a"]}"""
    )]
    [InlineData("Sampler", "sampler.results", """{"kind": "list"}""")]
    [InlineData("Sampler", "sampler.results", """{"kind": "readonly map"}""")]
    [InlineData("Sampler", "sampler.stepwise", """{"second": "s"}""")]
    [InlineData("Hostile", "hostile.throw_later", "{}")]
    [InlineData("Hostile", "hostile.cyclic", "{}")]
    [InlineData("Hostile", "hostile.initialiser", "{}")]
    public async Task A_plugin_that_ran_is_unloaded_after_its_removal(string project, string routine, string arguments)
    {
        var folder = _folder.Drop(project);
        _folder.Load();
        for (var run = 0; run < 5; run++)
            await RunAsync(routine, arguments);
        Directory.Delete(folder, recursive: true);
        _folder.Load();

        for (var collection = 0; collection < 50 && !IsUnloaded(); collection++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }
        Assert.True(IsUnloaded(), "It is still in memory.");
        Assert.Equal("unloaded", Assert.Single(_folder.Catalogue.TakeRetired()).Status);
        Assert.Empty(_folder.Catalogue.TakeRetired());
    }

    [Fact]
    public void Copies_that_nothing_refers_to_are_swept()
    {
        _folder.Drop("UsesOne");
        _folder.Load();
        Directory.CreateDirectory(Path.Combine(_folder.Cache, "left-over"));
        _folder.Catalogue.SweepCache(_folder.Options());

        Assert.StartsWith("uses-", Path.GetFileName(Assert.Single(Directory.GetDirectories(_folder.Cache))));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task<AttemptEnd> RunAsync(string routine, string arguments) =>
        _folder.RunAsync(routine, arguments).WaitAsync(Patience);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsUnloaded() => _folder.Catalogue.HasUnloadedAll;
}
