namespace AptTask.Host.Configuration;

/// <summary><c>[log]</c>.</summary>
/// <param name="File">The absolute path of the file; null for none.</param>
/// <param name="Level">The least level that is written.</param>
/// <param name="Json">One JSON object a line; else text.</param>
/// <param name="Console">Also to standard error.</param>
/// <param name="RollAt">The file is rolled when it has grown to this, in bytes.</param>
/// <param name="Keep">How many rolled files are kept.</param>
internal sealed record LogOptions(string? File, LogLevel Level, bool Json, bool Console, long RollAt, int Keep);
