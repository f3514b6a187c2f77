using System.Net;
using System.Net.Sockets;
using AptTask.Host.Requests;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace AptTask.Host.Endpoints;

/// <summary>The raw doors of Kestrel: TCP and Unix socket. Says who the kernel says is there, the rest is the line connection's.</summary>
internal sealed class SocketDoor(LineConnection lines, ConnectionCount count) : ConnectionHandler
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        using var counted = count.Enter();
        using var session = new Session(PeerOf(connection), IsOwner(connection));
        // Not ConnectionClosed: that one fires at a half-close, and answers would be lost.
        var stopping =
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested
            ?? CancellationToken.None;
        await lines.ServeAsync(session, connection.Transport.Input, connection.Transport.Output, stopping);
    }

    private static string PeerOf(ConnectionContext connection) =>
        connection.RemoteEndPoint switch
        {
            IPEndPoint address => $"tcp {address}",
            _ => "unix",
        };

    private static bool IsOwner(ConnectionContext connection)
    {
        if (
            connection.LocalEndPoint is not UnixDomainSocketEndPoint
            || connection.Features.Get<IConnectionSocketFeature>() is not { } feature
        )
        {
            return false;
        }

        Span<byte> credentials = stackalloc byte[12];
        if (feature.Socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) != credentials.Length)
            return false;
        var uid = BitConverter.ToUInt32(credentials[4..8]);
        return uid == Tmds.Linux.LibC.geteuid();
    }
}
