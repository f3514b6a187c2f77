using SQLitePCL;
using static SQLitePCL.raw;

namespace AptTask.Host.Store;

/// <summary>One row of a query, while the query stands on it.</summary>
internal readonly struct Row(sqlite3_stmt statement)
{
    /// <summary>Whether a column holds nothing.</summary>
    public bool IsNull(int column) => sqlite3_column_type(statement, column) == SQLITE_NULL;

    /// <summary>A column as a number.</summary>
    public long Number(int column) => sqlite3_column_int64(statement, column);

    /// <summary>A column as a small number.</summary>
    public int SmallNumber(int column) => sqlite3_column_int(statement, column);

    /// <summary>A column as a number with a fraction; null if it holds nothing.</summary>
    public double? Fraction(int column) => IsNull(column) ? null : sqlite3_column_double(statement, column);

    /// <summary>A column as text; null if it holds nothing.</summary>
    public string? Text(int column) => IsNull(column) ? null : sqlite3_column_text(statement, column).utf8_to_string();

    /// <summary>A column as bytes of its own; empty if it holds nothing.</summary>
    public byte[] Bytes(int column) => sqlite3_column_blob(statement, column).ToArray();

    /// <summary>A column as an instant; null if it holds nothing.</summary>
    public DateTimeOffset? Instant(int column) =>
        IsNull(column) ? null : new DateTimeOffset(Number(column), TimeSpan.Zero);
}
