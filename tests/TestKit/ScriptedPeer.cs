using System.Net;
using System.Net.Sockets;

namespace AptTask.TestKit;

/// <summary>Listens on a free port of this machine and lets a test play the other side, byte by byte.</summary>
public sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private ScriptedPeer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Begins to listen.</summary>
    public static ScriptedPeer Listen() => new();

    /// <summary>Takes the next connection.</summary>
    public async Task<ScriptedTalk> AcceptAsync()
    {
        using var patience = new CancellationTokenSource(ScriptedTalk.Patience);
        return new ScriptedTalk(await _listener.AcceptAsync(patience.Token));
    }

    /// <summary>Connects to a port of this machine, to play the client.</summary>
    public static async Task<ScriptedTalk> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new ScriptedTalk(socket);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }
}
