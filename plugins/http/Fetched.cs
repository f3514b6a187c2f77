namespace Http;

/// <summary>What was fetched.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">What the server says it is.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its checksum in hex.</param>
/// <param name="Path">Where it is kept, if a place was named.</param>
/// <param name="Text">The text itself, if it is one, is not kept as a file, and is no longer than 64 KiB.</param>
public sealed record Fetched(int Status, string? ContentType, long Bytes, string Sha256, string? Path, string? Text);
