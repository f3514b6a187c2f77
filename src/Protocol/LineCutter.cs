using System.Buffers;

namespace AptTask.Protocol;

/// <summary>
/// Cuts lines out of what a pipe holds. A line is at most <see cref="Limit"/> bytes long without its line feed; empty lines are
/// passed over, and so are those of a lone carriage return. It keeps no bytes itself and reads none: who reads the pipe hands in
/// its buffer and must hand in again what was left.
/// </summary>
/// <remarks>One for each connection; not thread-safe.</remarks>
public sealed class LineCutter
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private bool _tooLong;

    // How much of the line that has begun holds no line feed. Without it a line that comes byte by byte would cost its square.
    private long _searched;

    /// <summary>Makes one.</summary>
    /// <param name="limit">The longest line, without its line feed.</param>
    public LineCutter(int limit) => Limit = limit;

    /// <summary>The longest line, without its line feed. It may be raised between two lines: when a key was shown.</summary>
    public int Limit
    {
        get;
        set =>
            field =
                value >= 1
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(value), value, "A line has room for a byte.");
    }

    /// <summary>Takes the next line off the front of the buffer.</summary>
    /// <param name="buffer">What the pipe holds; what is left of it afterwards has not been consumed.</param>
    /// <param name="line">The line without its line feed and without a carriage return before it.</param>
    public Cut TryCut(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        line = default;
        while (!_tooLong)
        {
            if (buffer.Slice(_searched).PositionOf(LineFeed) is not { } end)
            {
                _searched = buffer.Length;
                _tooLong = _searched > Limit;
                return _tooLong ? Cut.TooLong : Cut.NeedMore;
            }
            line = buffer.Slice(buffer.Start, end);
            if (line.Length > Limit)
                break;
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            _searched = 0;
            line = WithoutCarriageReturn(line);
            if (!line.IsEmpty)
                return Cut.Line;
        }
        // Once and for all: going on behind the next line feed would run the tail of a line as a request.
        _tooLong = true;
        line = default;
        return Cut.TooLong;
    }

    /// <summary>At the end of the stream: takes what stands there without a line feed.</summary>
    /// <param name="buffer">What the pipe holds after <see cref="TryCut"/> wanted more.</param>
    /// <param name="line">The last line.</param>
    /// <returns>False when nothing is left.</returns>
    public bool TryCutRest(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        line = _tooLong ? default : WithoutCarriageReturn(buffer);
        buffer = buffer.Slice(buffer.End);
        _searched = 0;
        return !line.IsEmpty;
    }

    private static ReadOnlySequence<byte> WithoutCarriageReturn(in ReadOnlySequence<byte> line)
    {
        if (line.IsEmpty)
            return line;
        var last = line.Slice(line.Length - 1);
        return last.FirstSpan[0] == CarriageReturn ? line.Slice(0, line.Length - 1) : line;
    }
}
