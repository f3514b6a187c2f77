using AptTask.Host.Engine;
using AptTask.Host.Store;
using AptTask.Scheduling;

namespace AptTask.Host.Tests.Store;

/// <summary>One daemon owns a database file, and no one else may read it.</summary>
public sealed class OwnershipTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_daemon_is_refused_and_told_the_pid_of_the_first()
    {
        using var first = _folder.Open();

        var refusal = Assert.Throws<StoreInUseException>(_folder.Open);

        Assert.Contains($"pid {Environment.ProcessId}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.DatabasePath, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("store.path", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_next_daemon_may_have_it_when_the_first_has_gone()
    {
        _folder.Open().Dispose();

        using var second = _folder.Open();

        Assert.Equal(2, second.Epoch);
    }

    [Fact]
    public void A_daemon_that_was_refused_has_not_raised_the_epoch()
    {
        using var first = _folder.Open();
        Assert.Throws<StoreInUseException>(_folder.Open);

        StoreFolder.Commit(first, StoreFolder.Inserting(StoreFolder.Record(1)));

        Assert.Single(first.Load().Tasks);
    }

    [Theory]
    [InlineData("insert")]
    [InlineData("delete")]
    [InlineData("sequence")]
    public void An_owner_that_was_replaced_can_change_nothing_any_more(string change)
    {
        using var first = _folder.Open();
        var record = StoreFolder.Record(1);
        StoreFolder.Commit(first, StoreFolder.Inserting(record));
        // Someone tidies up the lock file, and a second daemon starts.
        _folder.DeleteLock();
        using var second = _folder.Open();

        var batch = new StoreBatch();
        switch (change)
        {
            case "insert":
                batch.Touch(StoreFolder.Record(2), PendingWrite.Insert);
                break;
            case "delete":
                batch.Touch(record, PendingWrite.Delete);
                break;
            case "sequence":
                batch.Sequences[new GroupName("site")] = 9;
                break;
        }

        var refusal = Assert.Throws<StaleOwnerException>(() => first.Commit(batch));
        Assert.Contains("epoch", refusal.Message, StringComparison.Ordinal);
        Assert.Single(second.Load().Tasks);
        Assert.Empty(second.Load().Sequences);
    }

    [Fact]
    public void Event_numbers_of_a_group_only_grow()
    {
        using var store = _folder.Open();
        var batch = new StoreBatch();
        batch.Sequences[new GroupName("site")] = 7;
        StoreFolder.Commit(store, batch);

        batch.Sequences[new GroupName("site")] = 7;
        batch.Touch(StoreFolder.Record(1), PendingWrite.Insert);

        Assert.Throws<StaleOwnerException>(() => store.Commit(batch));
        Assert.Empty(store.Load().Tasks);
        Assert.Equal(7, store.Load().Sequences[new GroupName("site")]);
    }

    [Fact]
    public void A_database_of_a_later_daemon_is_refused_with_a_sentence_and_stays_as_it_is()
    {
        _folder.Open().Dispose();
        var epoch = _folder.Ask("SELECT value FROM meta WHERE name = 'epoch'");
        _folder.Run("PRAGMA user_version = 99");

        var refusal = Assert.Throws<InvalidDataException>(_folder.Open);

        Assert.Contains("version 99", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Start the newer daemon", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(epoch, _folder.Ask("SELECT value FROM meta WHERE name = 'epoch'"));
        _folder.Run($"PRAGMA user_version = {Schema.Version}");
        // The refused one did not keep the lock.
        _folder.Open().Dispose();
    }

    [Fact]
    public void Every_file_of_the_database_is_for_its_owner_alone()
    {
        using var store = _folder.Open();
        StoreFolder.Commit(store, StoreFolder.Inserting(StoreFolder.Record(1)));

        var files = Directory.GetFiles(Path.GetDirectoryName(_folder.DatabasePath)!);

        Assert.True(files.Length >= 4, string.Join(", ", files));
        Assert.All(
            files,
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file))
        );
    }

    [Fact]
    public void A_store_in_memory_leaves_no_file()
    {
        using var store = SqliteTaskStore.Open(_folder.DatabasePath, StoreDurability.Memory);
        StoreFolder.Commit(store, StoreFolder.Inserting(StoreFolder.Record(1)));

        Assert.Single(store.Load().Tasks);
        Assert.Equal(0, store.SizeInBytes);
        Assert.False(File.Exists(_folder.DatabasePath));
    }
}
