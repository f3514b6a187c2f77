using System.Net.Sockets;
using System.Text;

namespace AptTask.TestKit;

/// <summary>One connection of a <see cref="ScriptedPeer"/>. Says exactly the bytes that it is told and waits, never for long.</summary>
public sealed class ScriptedTalk : IAsyncDisposable
{
    /// <summary>How long anything is waited for. It costs time only when a test fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _socket;
    private readonly StreamReader _reader;

    internal ScriptedTalk(Socket socket)
    {
        _socket = socket;
        Stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new StreamReader(Stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
    }

    /// <summary>The raw stream.</summary>
    public NetworkStream Stream { get; }

    /// <summary>Sends text as it is; a line feed is sent only where one stands.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendAsync(byte[] bytes) => await Stream.WriteAsync(bytes).AsTask().WaitAsync(Patience);

    /// <summary>Sends a line.</summary>
    public Task SendLineAsync(string line) => SendAsync(line + "\n");

    /// <summary>The next line, or null when the other side has closed.</summary>
    public async Task<string?> ReadLineAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _reader.ReadLineAsync(patience.Token);
    }

    /// <summary>Everything up to the close of the other side.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _reader.ReadToEndAsync(patience.Token);
    }

    /// <summary>Says that nothing more will be sent, and goes on reading.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection without a farewell.</summary>
    public void Reset() => _socket.Close(0);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await Stream.DisposeAsync();
    }
}
