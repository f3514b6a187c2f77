namespace Files;

/// <summary>Files with the same content.</summary>
/// <param name="Bytes">The length of each.</param>
/// <param name="Paths">Where they are.</param>
public sealed record DuplicateSet(long Bytes, IReadOnlyList<string> Paths)
{
    /// <summary>What could be saved.</summary>
    public long Wasted => Bytes * (Paths.Count - 1);
}
