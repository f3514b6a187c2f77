using System.Text;
using System.Text.Json;
using AptTask.Host.Configuration;

namespace AptTask.Host.Execution.Workers.Frames;

/// <summary>Cuts frames out of bytes as they come. Bounded: a frame that is too long is an error, and so is one that is none.</summary>
/// <remarks>One for each link; not thread-safe.</remarks>
internal sealed class FrameCutter(int limit)
{
    private const int ShownLength = 200;

    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;
    private int _searched;

    /// <summary>Room for the next bytes; tell with <see cref="Advance"/> how many came.</summary>
    public Memory<byte> Room()
    {
        if (_start == _end)
            _start = _end = _searched = 0;
        if (_end == _buffer.Length)
            MakeRoom();
        return _buffer.AsMemory(_end);
    }

    /// <summary>So many bytes came.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>The next frame; null when more bytes are needed.</summary>
    /// <exception cref="JsonException">It is not a frame, or longer than a frame may be.</exception>
    public Frame? TryCut()
    {
        var length = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (length < 0)
        {
            _searched = _end;
            return _end - _start > limit
                ? throw new JsonException($"A frame is longer than the {limit} bytes that it may have.")
                : null;
        }
        var line = _buffer.AsSpan(_start, _searched + length - _start);
        _start = _searched = _searched + length + 1;
        if (line.Length > limit)
            throw new JsonException($"A frame is longer than the {limit} bytes that it may have.");
        try
        {
            return FrameJson.Read(line);
        }
        catch (JsonException wrong)
        {
            var shown = Encoding.UTF8.GetString(line[..Math.Min(line.Length, ShownLength)]);
            throw new JsonException($"It said: {Printable.Of(shown)} ({Printable.Of(wrong.Message)})", wrong);
        }
    }

    private void MakeRoom()
    {
        var used = _end - _start;
        var next = used > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_start, used).CopyTo(next);
        _buffer = next;
        _searched -= _start;
        _start = 0;
        _end = used;
    }
}
