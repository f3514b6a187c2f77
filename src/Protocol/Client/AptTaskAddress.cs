using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;

namespace AptTask.Protocol;

/// <summary>Where a daemon listens: <c>host:port</c>, <c>tls:host:port</c> or <c>unix:PATH</c>.</summary>
public sealed record AptTaskAddress
{
    /// <summary>The port of the daemon unless it was told otherwise.</summary>
    public const int DefaultPort = 2142;

    private const string UnixPrefix = "unix:";
    private const string TlsPrefix = "tls:";

    private AptTaskAddress() { }

    /// <summary>The path of a Unix socket; null for TCP.</summary>
    public string? SocketPath { get; private init; }

    /// <summary>The name or address of the machine.</summary>
    public string Host { get; private init; } = "127.0.0.1";

    /// <summary>The port.</summary>
    public int Port { get; private init; } = DefaultPort;

    /// <summary>Whether to speak TLS.</summary>
    public bool Tls { get; private init; }

    /// <summary>A machine and port.</summary>
    public static AptTaskAddress OfTcp(string host, int port) => new() { Host = host, Port = port };

    /// <summary>A Unix socket.</summary>
    public static AptTaskAddress OfUnix(string path) => new() { SocketPath = path };

    /// <summary>Reads an address as people write it.</summary>
    /// <returns>Null when it is none.</returns>
    public static AptTaskAddress? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
            return text.Length > UnixPrefix.Length ? OfUnix(text[UnixPrefix.Length..]) : null;
        var tls = text.StartsWith(TlsPrefix, StringComparison.Ordinal);
        var rest = tls ? text[TlsPrefix.Length..] : text;
        var colon = rest.LastIndexOf(':');
        if (
            colon <= 0
            || !ushort.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port == 0
        )
            return null;
        var host = rest[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        return new()
        {
            Host = host,
            Port = port,
            Tls = tls,
        };
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        if (SocketPath is not null)
            return UnixPrefix + SocketPath;
        var host = Host.Contains(':') ? $"[{Host}]" : Host;
        return $"{(Tls ? TlsPrefix : "")}{host}:{Port}";
    }

    /// <summary>Opens a stream to it.</summary>
    internal async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = SocketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (SocketPath is { } path)
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            else
                await socket.ConnectAsync(Host, Port, cancellationToken).ConfigureAwait(false);
            var stream = new NetworkStream(socket, ownsSocket: true);
            if (!Tls)
                return stream;
            var secure = new SslStream(stream);
            await secure
                .AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = Host }, cancellationToken)
                .ConfigureAwait(false);
            return secure;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
