using System.Collections.Concurrent;
using AptTask.Protocol;
using AptTask.TestKit;

namespace AptTask.Cli.Tests;

/// <summary>
/// Answers what it was told to answer, on a real socket. Each line that comes is read by the daemon's own reader, so a client
/// that sends something malformed fails the test.
/// </summary>
internal sealed class FakeDaemon : IAsyncDisposable
{
    private readonly ScriptedPeer _peer = ScriptedPeer.Listen();
    private readonly Func<Request, string[]> _answer;
    private readonly Task _serving;
    private ScriptedTalk? _talk;

    /// <summary>Begins to listen.</summary>
    /// <param name="answer">The lines that answer a request, without the id.</param>
    public FakeDaemon(Func<Request, string[]> answer)
    {
        _answer = answer;
        _serving = ServeAsync();
    }

    public string Address => $"127.0.0.1:{_peer.Port}";

    public ConcurrentQueue<Request> Asked { get; } = [];

    /// <summary>Says a line of its own accord.</summary>
    public Task SayAsync(string line) => _talk!.SendLineAsync(line);

    public async ValueTask DisposeAsync()
    {
        await _peer.DisposeAsync();
        if (_talk is not null)
            await _talk.DisposeAsync();
        await _serving.WaitAsync(ScriptedTalk.Patience);
    }

    private async Task ServeAsync()
    {
        try
        {
            _talk = await _peer.AcceptAsync();
            while (await _talk.ReadLineAsync() is { } line)
            {
                var outcome = RequestReader.Read(System.Text.Encoding.UTF8.GetBytes(line));
                Assert.True(outcome.IsRequest, $"{line}: {outcome.Error?.Message}");
                Asked.Enqueue(outcome.Request);
                foreach (var answer in _answer(outcome.Request))
                    await _talk.SendLineAsync($$"""{"id":{{outcome.Id}},{{answer[1..]}}""");
            }
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or ObjectDisposedException
                        or OperationCanceledException
                        or System.Net.Sockets.SocketException
            )
        {
            // The client is gone, or the test is over.
        }
    }
}
