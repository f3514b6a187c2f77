using Microsoft.Data.Sqlite;

namespace AptTask.Host.Store;

/// <summary>The tables, and the way from each earlier version to this one. The version stands in <c>user_version</c>.</summary>
internal static class Schema
{
    // One entry for each version; an entry is never changed once it has been released.
    private static readonly string[] Migrations =
    [
        """
            CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE groups (name TEXT PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE tasks (
                taskid INTEGER PRIMARY KEY, grp TEXT NOT NULL,
                state INTEGER NOT NULL, reason INTEGER NOT NULL, attempt INTEGER NOT NULL, token INTEGER NOT NULL,
                due INTEGER, chain TEXT, lost INTEGER NOT NULL, acked INTEGER NOT NULL,
                created INTEGER NOT NULL, started INTEGER, finished INTEGER, fetched INTEGER,
                progress REAL, message TEXT, exit_code INTEGER, log_length INTEGER NOT NULL,
                cpu_seconds REAL, peak_memory INTEGER, output_bytes INTEGER,
                routine TEXT NOT NULL, key TEXT, role INTEGER NOT NULL, keep INTEGER NOT NULL,
                spec BLOB NOT NULL, arguments BLOB NOT NULL, data BLOB
            );
            CREATE TABLE posted (
                taskid INTEGER NOT NULL, name TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (taskid, name)
            ) WITHOUT ROWID;
            CREATE TABLE worklogs (taskid INTEGER PRIMARY KEY, content BLOB NOT NULL);
            CREATE TABLE jobs (
                grp TEXT NOT NULL, job TEXT NOT NULL, taskid INTEGER NOT NULL, outcome INTEGER, until INTEGER,
                PRIMARY KEY (grp, job)
            ) WITHOUT ROWID;
            CREATE TABLE schedules (name TEXT PRIMARY KEY, last_run INTEGER NOT NULL) WITHOUT ROWID;
            INSERT INTO meta VALUES ('epoch', 0), ('next_taskid', 1);
            """,
    ];

    /// <summary>The version that this daemon writes.</summary>
    public static int Version => Migrations.Length;

    /// <summary>Brings a database to this version; each step is whole or not at all.</summary>
    /// <exception cref="InvalidDataException">It is of a later daemon.</exception>
    public static void Migrate(SqliteConnection connection)
    {
        using var ask = connection.CreateCommand();
        ask.CommandText = "PRAGMA user_version";
        var found = Convert.ToInt32(ask.ExecuteScalar());
        if (found > Version)
        {
            throw new InvalidDataException(
                $"The database is of version {found}; this daemon knows versions up to {Version}. Start the newer daemon, or another file."
            );
        }

        for (var version = found; version < Version; version++)
        {
            using var transaction = connection.BeginTransaction();
            using var step = connection.CreateCommand();
            step.Transaction = transaction;
#pragma warning disable CA2100 // The texts above are all there is: nothing of a user comes in here.
            step.CommandText = Migrations[version] + $"PRAGMA user_version = {version + 1};";
#pragma warning restore CA2100
            step.ExecuteNonQuery();
            transaction.Commit();
        }
    }
}
