namespace Files;

/// <summary>An archive that was made.</summary>
/// <param name="Path">The file.</param>
/// <param name="Files">How many files are in it.</param>
/// <param name="Bytes">Its length.</param>
public sealed record Archive(string Path, int Files, long Bytes);
