using System.Collections.Immutable;
using AptTask.Host.Engine;
using AptTask.Scheduling;
using Microsoft.Data.Sqlite;

namespace AptTask.Host.Store;

/// <summary>
/// Keeps tasks in one SQLite file: a write-ahead log, one transaction for each batch, prepared statements. Owned by the loop of
/// the engine; knows nothing of what the values mean.
/// </summary>
internal sealed partial class SqliteTaskStore : ITaskStore
{
    private readonly SqliteConnection _connection;
    private readonly StoreLock? _lock;
    private readonly string? _path;
    private readonly Statements _statements;

    private SqliteTaskStore(SqliteConnection connection, StoreLock? @lock, string? path)
    {
        _connection = connection;
        _lock = @lock;
        _path = path;
        _statements = new Statements(connection);
        Epoch = Raise("epoch");
    }

    /// <inheritdoc/>
    public long Epoch { get; }

    /// <inheritdoc/>
    public long SizeInBytes =>
        _path is null ? 0 : new[] { _path, _path + "-wal" }.Where(File.Exists).Sum(file => new FileInfo(file).Length);

    /// <summary>Opens a database, makes it if it is not there, and becomes its owner.</summary>
    /// <param name="path">The file; its folder is made too. Not used when it is in memory.</param>
    /// <param name="durability">What a commit outlives.</param>
    /// <exception cref="StoreInUseException">Another daemon owns it.</exception>
    public static SqliteTaskStore Open(string path, StoreDurability durability)
    {
        if (durability == StoreDurability.Memory)
            return new SqliteTaskStore(Connect(":memory:", "OFF"), null, null);

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var owned = StoreLock.Take(path);
        try
        {
            // Arguments may be secret: nobody else may read them.
            if (!File.Exists(path))
            {
                using var _ = new FileStream(
                    path,
                    new FileStreamOptions
                    {
                        Mode = FileMode.CreateNew,
                        Access = FileAccess.Write,
                        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                    }
                );
            }

            return new SqliteTaskStore(
                Connect(path, durability == StoreDurability.Full ? "FULL" : "NORMAL"),
                owned,
                path
            );
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadData(TaskId task) => _statements.ReadData.Blob(task.Value);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadWorkLog(TaskId task) => _statements.ReadWorkLog.Blob(task.Value);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, byte[] Data)> ReadPosted(TaskId task)
    {
        var posted = new List<(string, byte[])>();
        _statements.ReadPosted.Query(row => posted.Add((row.Text(0)!, row.Bytes(1))), task.Value);
        return posted;
    }

    /// <inheritdoc/>
    public DateTimeOffset? ReadScheduleRun(string schedule) =>
        _statements.ReadSchedule.Number(schedule) is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _statements.Dispose();
        _connection.Dispose();
        _lock?.Dispose();
    }

    private static SqliteConnection Connect(string path, string synchronous)
    {
        // Someone who copies or looks into the file may hold it for a moment: that is waited for, not died of.
        // Pooling would keep the file open after Dispose.
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString()
        );
        connection.Open();
        using var pragmas = connection.CreateCommand();
#pragma warning disable CA2100 // One of three words of our own.
        pragmas.CommandText = $"""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = {synchronous};
            PRAGMA wal_autocheckpoint = 8000;
            PRAGMA cache_size = -65536;
            PRAGMA temp_store = MEMORY;
            PRAGMA busy_timeout = 10000;
            """;
#pragma warning restore CA2100
        pragmas.ExecuteNonQuery();
        Schema.Migrate(connection);
        return connection;
    }

    private long Raise(string name)
    {
        using var raise = _connection.CreateCommand();
        raise.CommandText = "UPDATE meta SET value = value + 1 WHERE name = $name RETURNING value";
        raise.Parameters.AddWithValue("$name", name);
        return (long)raise.ExecuteScalar()!;
    }

    private ImmutableArray<JobRecord> ReadJobs()
    {
        var jobs = ImmutableArray.CreateBuilder<JobRecord>();
        _statements.ReadJobs.Query(row =>
            jobs.Add(
                new JobRecord(
                    new GroupName(row.Text(0)!),
                    new JobId(row.Text(1)!),
                    new TaskId(row.Number(2)),
                    row.IsNull(3) ? null : (TaskOutcome)row.SmallNumber(3),
                    row.Instant(4)
                )
            )
        );
        return jobs.ToImmutable();
    }
}
