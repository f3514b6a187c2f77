namespace TextStats;

/// <summary>A file that was read.</summary>
internal sealed record TextFile(string Path, string Content, long Bytes);
