using System.Buffers;
using System.Text.Json;

namespace AptTask.Host.Execution.Workers.Frames;

/// <summary>Writes frames to a stream, whole and in turn. Any thread; a write holds its caller until the stream has taken it.</summary>
internal sealed class FrameWriter(Stream stream)
{
    private const int KeptBuffer = 256 * 1024;

    private readonly Lock _turn = new();
    private ArrayBufferWriter<byte> _buffer = new(4096);

    /// <summary>Writes a frame.</summary>
    /// <exception cref="IOException">Nobody reads there any more.</exception>
    public void Write(Frame frame)
    {
        lock (_turn)
        {
            using (var json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true }))
                JsonSerializer.Serialize(json, frame, FrameJson.Default.Frame);
            _buffer.Write("\n"u8);
            stream.Write(_buffer.WrittenSpan);
            stream.Flush();
            if (_buffer.Capacity > KeptBuffer)
                _buffer = new ArrayBufferWriter<byte>(4096);
            else
                _buffer.ResetWrittenCount();
        }
    }
}
