namespace AptTask.Host.Configuration;

/// <summary><c>[store]</c>.</summary>
/// <param name="Path">The absolute path of the database file.</param>
/// <param name="Durability">When an answer may be given.</param>
internal sealed record StoreOptions(string Path, Durability Durability);
