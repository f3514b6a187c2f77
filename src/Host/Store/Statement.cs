using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace AptTask.Host.Store;

/// <summary>
/// One prepared statement with parameters by position. Used by one thread at a time. Speaks to SQLite through the bindings that
/// Microsoft.Data.Sqlite stands on: the commands of that package cost as much as the statement itself when it is run a hundred
/// thousand times a second.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <summary>Prepares a statement whose parameters are <c>?1</c>, <c>?2</c>, ….</summary>
    public Statement(SqliteConnection connection, string text)
    {
        _database = connection.Handle!;
        Check(sqlite3_prepare_v3(_database, text, SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>Executes it.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        try
        {
            Step();
            return sqlite3_changes(_database);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Executes it and hands each row on; the row is good only during the call.</summary>
    public void Query(Action<Row> take, params ReadOnlySpan<object?> values)
    {
        Bind(values);
        try
        {
            while (Step())
                take(new Row(_statement));
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The first column of the first row as bytes; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Blob(long key)
    {
        ReadOnlyMemory<byte> blob = default;
        Query(row => blob = row.Bytes(0), key);
        return blob;
    }

    /// <summary>The first column of the first row as a number; null if there is none.</summary>
    public long? Number(string key)
    {
        long? number = null;
        Query(row => number = row.Number(0), key);
        return number;
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private bool Step()
    {
        var code = sqlite3_step(_statement);
        if (code is not (SQLITE_ROW or SQLITE_DONE))
            Check(code);
        return code == SQLITE_ROW;
    }

    private void Reset()
    {
        // Its code repeats what the step said, which has been looked at.
        _ = sqlite3_reset(_statement);
        _ = sqlite3_clear_bindings(_statement);
    }

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (var index = 0; index < values.Length; index++)
            Check(Bind(index + 1, values[index]));
    }

    private int Bind(int position, object? value) =>
        value switch
        {
            null => sqlite3_bind_null(_statement, position),
            long number => sqlite3_bind_int64(_statement, position, number),
            int number => sqlite3_bind_int64(_statement, position, number),
            bool flag => sqlite3_bind_int64(_statement, position, flag ? 1 : 0),
            double number => sqlite3_bind_double(_statement, position, number),
            string text => sqlite3_bind_text(_statement, position, text),
            byte[] bytes => sqlite3_bind_blob(_statement, position, bytes),
            _ => throw new ArgumentException($"{value.GetType().Name} is no type of a column.", nameof(value)),
        };

    private void Check(int code)
    {
        // Throws a SqliteException with the database's own words.
        if (code != SQLITE_OK)
            SqliteException.ThrowExceptionForRC(code, _database);
    }
}
