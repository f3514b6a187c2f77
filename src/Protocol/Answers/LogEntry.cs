namespace AptTask.Protocol;

/// <summary>A piece of a worklog.</summary>
/// <param name="Offset">The byte offset of its text in the worklog.</param>
/// <param name="Stream"><c>out</c>, <c>err</c> or <c>log</c>.</param>
/// <param name="Text">As it was written; bytes that are not UTF-8 were replaced.</param>
/// <param name="At">When it came.</param>
public sealed record LogEntry(long Offset, string Stream, string Text, DateTimeOffset? At = null);
