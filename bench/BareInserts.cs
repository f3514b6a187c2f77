using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace AptTask.Bench;

/// <summary>
/// The second baseline: rows of the size of a small task into SQLite, so many to a transaction, at the daemon's durability.
/// Nothing that keeps its tasks there can be faster.
/// </summary>
internal static class BareInserts
{
    public static TimeSpan Measure(int rows, int batch, string durability)
    {
        var folder = Path.Combine(Tree.Root, "artifacts", "bench", $"inserts-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        try
        {
            var source = durability == "memory" ? ":memory:" : Path.Combine(folder, "rows.db");
            using var connection = new SqliteConnection($"Data Source={source};Pooling=False");
            connection.Open();
            Run(connection, "PRAGMA journal_mode = WAL");
            Run(connection, $"PRAGMA synchronous = {(durability == "full" ? "FULL" : "NORMAL")}");
            Run(
                connection,
                "CREATE TABLE task (id INTEGER PRIMARY KEY, grp TEXT, routine TEXT, state INTEGER, spec BLOB)"
            );
            return Insert(connection, rows, batch);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static TimeSpan Insert(SqliteConnection connection, int rows, int batch)
    {
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO task VALUES ($id, 'default', 'demo.noop', 1, $spec)";
        var id = insert.Parameters.Add("$id", SqliteType.Integer);
        insert.Parameters.AddWithValue("$spec", new byte[64]);
        insert.Prepare();

        var started = Stopwatch.GetTimestamp();
        for (var row = 0; row < rows; )
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            for (var end = Math.Min(rows, row + batch); row < end; row++)
            {
                id.Value = row;
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        return Stopwatch.GetElapsedTime(started);
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is one of the three constants above.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
