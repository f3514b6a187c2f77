namespace Files;

/// <summary>The checksum of a file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Sum">The checksum in hex.</param>
/// <param name="Bytes">Its length.</param>
public sealed record Checksum(string Path, string Sum, long Bytes);
