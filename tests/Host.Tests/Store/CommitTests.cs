using AptTask.Host.Engine;
using AptTask.Scheduling;
using Microsoft.Data.Sqlite;

namespace AptTask.Host.Tests.Store;

/// <summary>A batch is written whole or not at all.</summary>
public sealed class CommitTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ABORT")]
    [InlineData("ROLLBACK")]
    public void A_batch_that_cannot_be_written_to_its_end_leaves_nothing_and_says_why(string how)
    {
        using var store = _folder.Open();
        // As a full disk does: the first kind leaves the transaction open, the second ends it.
        _folder.Run(
            $"CREATE TRIGGER full BEFORE INSERT ON jobs BEGIN SELECT RAISE({how}, 'database or disk is full'); END"
        );
        var batch = StoreFolder.Inserting(StoreFolder.Record(1), StoreFolder.Record(2));
        batch.WorkLogs.Add((new TaskId(1), "log"u8.ToArray()));
        batch.NextTaskId = 3;
        batch.Jobs.Add(new JobRecord(new GroupName("site"), new JobId("a"), new TaskId(1), null, null));

        var fault = Assert.Throws<SqliteException>(() => store.Commit(batch));

        Assert.Contains("disk is full", fault.Message, StringComparison.Ordinal);
        var found = store.Load();
        Assert.Empty(found.Tasks);
        Assert.Empty(found.Jobs);
        Assert.Equal(1, found.NextTaskId);
        Assert.True(store.ReadWorkLog(new TaskId(1)).IsEmpty);
    }

    [Fact]
    public async Task Someone_who_holds_the_file_for_a_moment_delays_a_commit_and_does_not_break_it()
    {
        using var store = _folder.Open();
        await using var other = _folder.Connect();
        await using var begin = other.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        await begin.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var commit = Task.Run(() => store.Commit(StoreFolder.Inserting(StoreFolder.Record(1))));
        // Not a wait for the commit, which cannot come: the time in which a store without patience would have given up.
        await Task.WhenAny(commit, Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken));
        begin.CommandText = "ROLLBACK";
        await begin.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await commit.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Single(store.Load().Tasks);
    }

    [Fact]
    public void A_task_that_came_and_went_within_one_batch_was_never_there()
    {
        using var store = _folder.Open();
        var record = StoreFolder.Record(1);
        var batch = StoreFolder.Inserting(record);
        batch.Touch(record, PendingWrite.State);
        batch.Touch(record, PendingWrite.Delete);

        StoreFolder.Commit(store, batch);

        Assert.Empty(store.Load().Tasks);
    }

    [Fact]
    public void A_deleted_task_takes_everything_of_it_along()
    {
        using var store = _folder.Open();
        var record = StoreFolder.Record(1);
        StoreFolder.Commit(store, StoreFolder.Inserting(record));
        var batch = new StoreBatch();
        batch.WorkLogs.Add((record.Spec.Id, "log"u8.ToArray()));
        batch.Posted.Add((record.Spec.Id, "preview", "1"u8.ToArray()));
        record.HasPosted = true;
        record.WorkLogLength = 3;
        batch.Touch(record, PendingWrite.State);
        StoreFolder.Commit(store, batch);
        Assert.False(store.ReadWorkLog(record.Spec.Id).IsEmpty);

        batch.Touch(record, PendingWrite.Delete);
        StoreFolder.Commit(store, batch);

        Assert.Equal(
            0,
            _folder.Ask(
                "SELECT (SELECT count(*) FROM tasks) + (SELECT count(*) FROM posted) + (SELECT count(*) FROM worklogs)"
            )
        );
    }

    [Fact]
    public void A_posted_name_again_replaces_its_data()
    {
        using var store = _folder.Open();
        var batch = new StoreBatch();
        batch.Posted.Add((new TaskId(1), "preview", "1"u8.ToArray()));
        batch.Posted.Add((new TaskId(1), "preview", "2"u8.ToArray()));
        batch.Posted.Add((new TaskId(1), "other", "3"u8.ToArray()));
        StoreFolder.Commit(store, batch);

        Assert.Equal(
            [("other", "3"), ("preview", "2")],
            store
                .ReadPosted(new TaskId(1))
                .Select(entry => (entry.Name, System.Text.Encoding.UTF8.GetString(entry.Data)))
        );
    }

    [Fact]
    public void The_last_run_of_a_schedule_is_kept()
    {
        var at = new DateTimeOffset(2030, 5, 6, 7, 8, 9, TimeSpan.Zero);
        using (var store = _folder.Open())
        {
            var batch = new StoreBatch();
            batch.Schedules.Add(("nightly", at.AddDays(-1)));
            batch.Schedules.Add(("nightly", at));
            StoreFolder.Commit(store, batch);
        }

        using var again = _folder.Open();
        Assert.Equal(at, again.ReadScheduleRun("nightly"));
        Assert.Null(again.ReadScheduleRun("weekly"));
    }
}
