using System.Buffers;

namespace AptTask.Protocol;

/// <summary>
/// Reads one line as a request. Strict: what is not exactly as the protocol says is refused with a code and a reason, and nothing
/// but an outcome ever comes back. Any thread may call it.
/// </summary>
public static class RequestReader
{
    /// <summary>Reads a line.</summary>
    /// <param name="line">Without its line feed; a carriage return at the end is white space.</param>
    public static RequestOutcome Read(in ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
            return Read(line.FirstSpan);
        var length = checked((int)line.Length);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            line.CopyTo(rented);
            return Read(rented.AsSpan(0, length));
        }
        finally
        {
            // It may have held a key.
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <inheritdoc cref="Read(in ReadOnlySequence{byte})"/>
    public static RequestOutcome Read(ReadOnlySpan<byte> line) =>
        throw new NotSupportedException("The reader is written in the next commit.");
}
