using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using AptTask.Protocol;

namespace AptTask.Bench;

/// <summary>
/// A connection that costs as little as it can, because it shares the cores with what is measured: bytes out, lines in. The
/// client that programs should use is in <c>AptTask.Protocol</c>.
/// </summary>
internal sealed class LineConnection : IAsyncDisposable
{
    private const int LineLimit = 16 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly PipeReader _reader;
    private readonly LineCutter _cutter = new(LineLimit);

    // What is written waits here, so that a full socket never keeps the one who writes from reading: both ends would stand still.
    private readonly Pipe _out = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Task _sending;
    private ReadOnlySequence<byte> _buffer;
    private bool _hasBuffer;

    private LineConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        _sending = _out.Reader.CopyToAsync(_stream);
    }

    public static async Task<LineConnection> ToPortAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new LineConnection(socket);
    }

    public static async Task<LineConnection> ToSocketAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return new LineConnection(socket);
    }

    /// <summary>Where lines are written; <see cref="FlushAsync"/> sends them.</summary>
    public IBufferWriter<byte> Output => _out.Writer;

    public ValueTask<FlushResult> FlushAsync() => _out.Writer.FlushAsync();

    /// <summary>Hands the next lines, as many as there are, to a function; returns when it says so, or false when the peer closed.</summary>
    /// <param name="take">Takes a line; true when it was the last one wanted.</param>
    public async Task<bool> ReadUntilAsync(Func<ReadOnlySequence<byte>, bool> take)
    {
        while (true)
        {
            while (_hasBuffer && _cutter.TryCut(ref _buffer, out var line) == Cut.Line)
            {
                if (take(line))
                    return true;
            }

            if (_hasBuffer)
                _reader.AdvanceTo(_buffer.Start, _buffer.End);
            await FlushAsync();
            var read = await _reader.ReadAsync();
            _buffer = read.Buffer;
            _hasBuffer = true;
            if (read.IsCompleted && _buffer.IsEmpty)
                return false;
        }
    }

    /// <summary>Sends a line and returns the next one that comes.</summary>
    public async Task<string> AskAsync(string line)
    {
        Output.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
        string? answer = null;
        var answered = await ReadUntilAsync(bytes =>
        {
            answer = System.Text.Encoding.UTF8.GetString(bytes.ToArray());
            return true;
        });
        return answered ? answer! : throw new InvalidOperationException($"The peer closed instead of answering {line}");
    }

    public async ValueTask DisposeAsync()
    {
        await _out.Writer.CompleteAsync();
        _socket.Dispose();
        await _stream.DisposeAsync();
        try
        {
            await _sending;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            // The socket was closed under what had not been sent; nobody waits for it any more.
        }
    }
}
