using System.Net;
using System.Net.Sockets;

namespace AptTask.Host.Requests;

/// <summary>What counts as one place that connections come from.</summary>
/// <param name="Name">
/// An IPv4 address, the first 64 bits of an IPv6 address (whoever has one address of such a network has them all), or a local user.
/// </param>
/// <param name="IsShared">Whether strangers to one another share it, as all programs of this machine share the loopback address.</param>
internal readonly record struct PeerAddress(string Name, bool IsShared)
{
    private const int NetworkBytes = 8;

    /// <summary>The place of an address.</summary>
    public static PeerAddress Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address))
            return new PeerAddress(address.ToString(), IsShared: true);
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return new PeerAddress(address.ToString(), IsShared: false);
        var network = address.GetAddressBytes();
        network.AsSpan(NetworkBytes).Clear();
        return new PeerAddress($"{new IPAddress(network)}/64", IsShared: false);
    }

    /// <summary>The place of a local user, whom the kernel names; null when it does not.</summary>
    public static PeerAddress OfUser(uint? uid) => new($"uid {uid?.ToString() ?? "?"}", IsShared: uid is null);
}
