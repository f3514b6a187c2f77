namespace Files;

/// <summary>What was found.</summary>
/// <param name="Looked">How many files were looked at.</param>
/// <param name="Wasted">How many bytes could be saved.</param>
/// <param name="Sets">The files with the same content.</param>
public sealed record Found(int Looked, long Wasted, IReadOnlyList<DuplicateSet> Sets);
