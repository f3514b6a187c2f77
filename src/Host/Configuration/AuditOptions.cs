namespace AptTask.Host.Configuration;

/// <summary><c>[audit]</c>.</summary>
/// <param name="File">The absolute path of the file; null for none.</param>
/// <param name="Sync">Every line is forced to the disk before the answer.</param>
internal sealed record AuditOptions(string? File, bool Sync);
