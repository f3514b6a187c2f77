using System.Buffers;

namespace AptTask.Host.Execution.Routines.Results;

/// <summary>Takes bytes up to a limit and then throws <see cref="TooLargeException"/>.</summary>
internal sealed class BoundedBuffer(int limit) : IBufferWriter<byte>
{
    private readonly ArrayBufferWriter<byte> _written = new(256);

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray() => _written.WrittenSpan.ToArray();

    /// <inheritdoc/>
    public void Advance(int count)
    {
        // Before it is taken: the writer flushes once more when it is disposed, and has to find the same.
        if (count > limit - _written.WrittenCount)
            throw new TooLargeException(limit);
        _written.Advance(count);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => _written.GetMemory(sizeHint);

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => _written.GetSpan(sizeHint);
}
