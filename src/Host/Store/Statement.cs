using Microsoft.Data.Sqlite;

namespace AptTask.Host.Store;

/// <summary>One prepared statement with parameters by position. Used by one thread at a time.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    /// <summary>Prepares a statement whose parameters are named <c>$0</c>, <c>$1</c>, ….</summary>
    public Statement(SqliteConnection connection, string text, int parameters)
    {
        _command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are constants of this room.
        _command.CommandText = text;
#pragma warning restore CA2100
        for (var index = 0; index < parameters; index++)
            _command.Parameters.Add(new SqliteParameter { ParameterName = $"${index}" });
        _command.Prepare();
    }

    /// <summary>Executes it.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Executes it and reads the rows.</summary>
    public SqliteDataReader Query(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteReader();
    }

    /// <summary>The first column of the first row; null if there is none.</summary>
    public object? Scalar(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteScalar();
    }

    /// <summary>The first column of the first row as bytes; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Blob(long key) => Scalar(key) is byte[] bytes ? bytes : default(ReadOnlyMemory<byte>);

    /// <inheritdoc/>
    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (var index = 0; index < values.Length; index++)
            _command.Parameters[index].Value = values[index] ?? DBNull.Value;
    }
}
