using System.Net;
using System.Net.Sockets;
using AptTask.Host.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AptTask.Host.Endpoints;

/// <summary>Opens the doors that the configuration names. Kestrel owns sockets, TLS and limits.</summary>
internal static class Doors
{
    /// <summary>Opens them.</summary>
    public static void Open(KestrelServerOptions kestrel, ServerOptions server)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = server.MaxConnections;
        if (server.Tcp is { } tcp)
            Open<SocketDoor>(kestrel, tcp, server);

        if (server.Unix is { } unix)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(unix)!);
            RemoveStale(unix);
            kestrel.ListenUnixSocket(unix, listen => listen.UseConnectionHandler<SocketDoor>());
        }
    }

    /// <summary>Opens one, with TLS when that is configured.</summary>
    /// <typeparam name="T">Who opens when somebody knocks.</typeparam>
    public static void Open<T>(KestrelServerOptions kestrel, IPEndPoint address, ServerOptions server)
        where T : ConnectionHandler =>
        kestrel.Listen(
            address,
            listen =>
            {
                if (server.TlsCertificate is { } certificate)
                {
                    listen.Protocols = HttpProtocols.None;
                    listen.UseHttps(
                        System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(
                            certificate,
                            server.TlsKey
                        )
                    );
                }

                listen.UseConnectionHandler<T>();
            }
        );

    /// <summary>Lets every local user knock at the Unix socket: the kernel says who they are.</summary>
    public static void Protect(string unix) =>
        File.SetUnixFileMode(
            unix,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        );

    /// <summary>A daemon that was killed leaves its socket behind; one that is alive answers and keeps it.</summary>
    private static void RemoveStale(string unix)
    {
        if (!File.Exists(unix))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(unix));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(unix);
            return;
        }

        throw new AddressInUseException(
            $"The Unix socket {unix} belongs to a running daemon. Stop that one, or set another server.unix."
        );
    }
}
