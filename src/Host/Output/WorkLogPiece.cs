namespace AptTask.Host.Output;

/// <summary>A piece of a worklog.</summary>
/// <param name="Offset">Where it begins in the worklog, in bytes, pieces that were dropped counted.</param>
/// <param name="At">When it was written.</param>
/// <param name="Stream">Where it came from: <c>out</c>, <c>err</c> or <c>log</c>.</param>
/// <param name="Text">UTF-8 as it came, possibly broken.</param>
internal readonly record struct WorkLogPiece(long Offset, DateTimeOffset At, string Stream, ReadOnlyMemory<byte> Text)
{
    /// <summary>The offset behind it.</summary>
    public long End => Offset + Text.Length;
}
