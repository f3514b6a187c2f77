using System.Net;
using System.Net.Sockets;
using AptTask.TestKit;

namespace AptTask.Acceptance.Tests;

/// <summary>The transcripts of tests/Wire are the contract: the real daemon says what they say.</summary>
public class TranscriptTests
{
    [Theory]
    [InlineData("start-and-result")]
    [InlineData("dependencies")]
    [InlineData("stop")]
    [InlineData("watch")]
    [InlineData("refused")]
    public async Task The_daemon_keeps_to_the_transcript_over_tcp(string name)
    {
        await using var daemon = await DaemonProcess.StartAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, daemon.Port);
        await ReplayAsync(name, socket);
    }

    [Fact]
    public async Task The_daemon_keeps_to_the_transcript_of_an_administrator_over_the_unix_socket()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(daemon.Socket));
        await ReplayAsync("admin", socket);
    }

    private static async Task ReplayAsync(string name, Socket socket)
    {
        await using var stream = new NetworkStream(socket);
        using var replay = new TranscriptReplay(Transcript.Load(name), stream, stream);
        await replay.RunAsync(() => socket.Shutdown(SocketShutdown.Send));
    }
}
