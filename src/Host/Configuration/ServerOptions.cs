using System.Collections.Immutable;
using System.Net;

namespace AptTask.Host.Configuration;

/// <summary><c>[server]</c>: the doors and what they bear.</summary>
internal sealed record ServerOptions
{
    /// <summary>Where JSON lines are spoken over TCP; null for nowhere. Port 0 is a free one.</summary>
    public IPEndPoint? Tcp { get; init; }

    /// <summary>Where HTTP is spoken; null for nowhere.</summary>
    public IPEndPoint? Http { get; init; }

    /// <summary>The absolute path of the Unix socket; null for none.</summary>
    public string? Unix { get; init; }

    /// <summary>Where remote workers dial in; null for nowhere.</summary>
    public IPEndPoint? Workers { get; init; }

    /// <summary>The absolute path of a PEM certificate (chain); null for plain doors.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The absolute path of its PEM key.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Allows doors beyond loopback without TLS or without keys.</summary>
    public bool InsecurePlaintext { get; init; }

    /// <summary>Names that a request may give as HTTP <c>Host</c>, besides the address it came to.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>Browser origins that may send requests.</summary>
    public ImmutableArray<string> Origins { get; init; } = [];

    /// <summary>Open connections over all doors.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>Open connections that have shown no key yet.</summary>
    public required int MaxUnauthenticated { get; init; }

    /// <summary>Of those, how many from one address.</summary>
    public required int MaxUnauthenticatedPerAddress { get; init; }

    /// <summary>How long a connection may take for its first line.</summary>
    public required TimeSpan FirstLine { get; init; }

    /// <summary>How long a connection may be silent with no request open.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>How long a client may leave an answer unread.</summary>
    public required TimeSpan WriteTimeout { get; init; }

    /// <summary>The longest line, in bytes.</summary>
    public required int MaxLine { get; init; }

    /// <summary>The longest line before a valid key was shown, in bytes.</summary>
    public required int MaxLineUnauthenticated { get; init; }

    /// <summary>How long every failed authentication takes at least.</summary>
    public required TimeSpan AuthenticationDelay { get; init; }

    /// <summary>How long running attempts may take to end when the daemon shuts down, before force.</summary>
    public required TimeSpan ShutdownGrace { get; init; }
}
