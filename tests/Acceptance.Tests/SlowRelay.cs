using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace AptTask.Acceptance.Tests;

/// <summary>Passes bytes on between two sides, later than they came; can lose one side without the other hearing of it.</summary>
internal sealed class SlowRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly TimeSpan _delay;
    private readonly List<Socket> _clients = [];
    private readonly List<Socket> _servers = [];
    private readonly Task _accepting;

    /// <summary>Listens at once.</summary>
    /// <param name="target">The port of this machine to which it passes on.</param>
    /// <param name="delay">How much later, in each direction.</param>
    public SlowRelay(int target, TimeSpan delay)
    {
        (_target, _delay) = (target, delay);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Those who connected to it lose the connection; the other side is not told.</summary>
    public void DropClients()
    {
        lock (_clients)
        {
            _clients.ForEach(client => client.Close(0));
            _clients.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        DropClients();
        _servers.ForEach(server => server.Dispose());
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(IPAddress.Loopback, _target);
                lock (_clients)
                    _clients.Add(client);
                _servers.Add(server);
                _ = PassAsync(client, server);
                _ = PassAsync(server, client);
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        var late = Channel.CreateUnbounded<(long Came, byte[] Bytes)>();
        var sending = SendAsync(late.Reader, to);
        try
        {
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
                await late.Writer.WriteAsync((TimeProvider.System.GetTimestamp(), buffer[..count]));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Then nothing more is passed on.
        }
        late.Writer.Complete();
        await sending;
    }

    private async Task SendAsync(ChannelReader<(long Came, byte[] Bytes)> late, Socket to)
    {
        try
        {
            await foreach (var (came, bytes) in late.ReadAllAsync())
            {
                var left = _delay - TimeProvider.System.GetElapsedTime(came);
                if (left > TimeSpan.Zero)
                    await Task.Delay(left);
                await to.SendAsync(bytes);
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Then nothing more is passed on.
        }
    }
}
