using AptTask.Host.Engine;
using AptTask.Host.Store;
using AptTask.Scheduling;
using Microsoft.Data.Sqlite;

namespace AptTask.Host.Tests.Store;

/// <summary>A folder with a database file, and a second pair of hands that can do to it what a daemon would not.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("store-").FullName;

    public string DatabasePath => Path.Combine(_folder, "var", "tasks.db");

    public SqliteTaskStore Open() => SqliteTaskStore.Open(DatabasePath, StoreDurability.Normal);

    /// <summary>Runs a statement in the file, from outside.</summary>
    public void Run(string statement)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements of the tests.
        command.CommandText = statement;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>The number that a query finds, from outside.</summary>
    public long Ask(string query)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements of the tests.
        command.CommandText = query;
#pragma warning restore CA2100
        return Convert.ToInt64(command.ExecuteScalar());
    }

    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = DatabasePath, Pooling = false }.ToString()
        );
        connection.Open();
        return connection;
    }

    /// <summary>Takes the lock away from under its owner, as someone who tidies up would.</summary>
    public void DeleteLock() => File.Delete(DatabasePath + ".lock");

    public static TaskRecord Record(long id, string group = "site", TaskState? state = null) =>
        new(
            new TaskSpec
            {
                Id = new TaskId(id),
                Group = new GroupName(group),
                Lane = new LaneName("default"),
            },
            new WorkOrder("work", "{}"u8.ToArray(), null, Role.User, KeepRule.Ack),
            new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)
        )
        {
            State = state ?? new TaskState.Ready(1),
        };

    /// <summary>A batch that brings these tasks in.</summary>
    public static StoreBatch Inserting(params ReadOnlySpan<TaskRecord> records)
    {
        var batch = new StoreBatch();
        foreach (var record in records)
            batch.Touch(record, PendingWrite.Insert);
        return batch;
    }

    public static void Commit(SqliteTaskStore store, StoreBatch batch)
    {
        store.Commit(batch);
        batch.Clear();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
