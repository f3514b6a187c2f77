using System.Net;
using System.Net.Sockets;
using AptTask.Host.Requests;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace AptTask.Host.Endpoints;

/// <summary>The raw doors of Kestrel: TCP and Unix socket. Says who the kernel says is there, the rest is the line connection's.</summary>
internal sealed class SocketDoor(LineConnection lines, ConnectionCount count, Strangers strangers) : ConnectionHandler
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        using var counted = count.Enter();
        var (address, isOwner) = WhoIs(connection);
        using var place = isOwner ? null : strangers.Enter(address);
        if (place is null && !isOwner)
        {
            await lines.TurnAwayAsync(PeerOf(connection), connection.Transport.Output);
            return;
        }

        using var session = new Session(PeerOf(connection), isOwner, address, place);
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

    private static (PeerAddress Address, bool IsOwner) WhoIs(ConnectionContext connection)
    {
        if (connection.RemoteEndPoint is IPEndPoint remote)
            return (PeerAddress.Of(remote.Address), false);
        var uid = UserBehind(connection);
        return (PeerAddress.OfUser(uid), uid is { } user && user == Tmds.Linux.LibC.geteuid());
    }

    private static uint? UserBehind(ConnectionContext connection)
    {
        if (
            connection.LocalEndPoint is not UnixDomainSocketEndPoint
            || connection.Features.Get<IConnectionSocketFeature>() is not { } feature
        )
        {
            return null;
        }

        Span<byte> credentials = stackalloc byte[12];
        return feature.Socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) == credentials.Length
            ? BitConverter.ToUInt32(credentials[4..8])
            : null;
    }
}
