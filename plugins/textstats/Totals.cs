namespace TextStats;

/// <summary>What was counted.</summary>
/// <param name="Files">For each file.</param>
/// <param name="Lines">Lines of all files.</param>
/// <param name="Words">Words of all files.</param>
/// <param name="Characters">Characters of all files.</param>
/// <param name="Bytes">Bytes of all files.</param>
public sealed record Totals(IReadOnlyList<FileCount> Files, long Lines, long Words, long Characters, long Bytes);
