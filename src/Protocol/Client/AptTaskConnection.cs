using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;

namespace AptTask.Protocol;

/// <summary>
/// A client's connection to a daemon. Requests may be sent from many threads at once; each awaits its own answer. With a
/// <see cref="ReconnectPolicy"/> a lost connection is made anew, and what can be asked twice without harm is asked again.
/// </summary>
public sealed class AptTaskConnection : IAsyncDisposable
{
    private readonly AptTaskAddress? _address;
    private readonly AptTaskConnectionOptions _options;
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private ClientSession _session;
    private bool _disposed;

    private AptTaskConnection(ClientSession session, AptTaskAddress? address, AptTaskConnectionOptions options)
    {
        _session = session;
        _address = address;
        _options = options;
    }

    /// <summary>Connects.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="options">How; null for no key and no reconnecting.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">Nobody listens there. The inner exception says more.</exception>
    /// <exception cref="AptTaskException">The key is not taken.</exception>
    public static async Task<AptTaskConnection> ConnectAsync(
        AptTaskAddress address,
        AptTaskConnectionOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(address);
        options ??= new AptTaskConnectionOptions();
        var session = await OpenAsync(address, options, cancellationToken).ConfigureAwait(false);
        return new AptTaskConnection(session, address, options);
    }

    /// <summary>Speaks over a stream that is there already. It is closed with the connection and never made anew.</summary>
    /// <param name="stream">Both directions.</param>
    /// <param name="options">Only the key has a meaning here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AptTaskException">The key is not taken.</exception>
    public static async Task<AptTaskConnection> OverAsync(
        Stream stream,
        AptTaskConnectionOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new AptTaskConnectionOptions();
        var session = new ClientSession(stream, "the daemon");
        await GreetAsync(session, options, cancellationToken).ConfigureAwait(false);
        return new AptTaskConnection(session, null, options);
    }

    /// <summary>Sends a request and awaits its answer.</summary>
    /// <exception cref="AptTaskException">The daemon refused it.</exception>
    /// <exception cref="IOException">The connection was lost; whether the daemon carried the request out is not known.</exception>
    public async Task<TAnswer> SendAsync<TAnswer>(
        Request<TAnswer> request,
        CancellationToken cancellationToken = default
    )
        where TAnswer : Answer
    {
        var reply = await SendForReplyAsync(request, cancellationToken).ConfigureAwait(false);
        return reply.ToAnswer<TAnswer>();
    }

    /// <summary>Sends a request and awaits the line that answers it, also when it is refused.</summary>
    /// <exception cref="IOException">The connection was lost; whether the daemon carried the request out is not known.</exception>
    public async Task<Reply> SendForReplyAsync(Request request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        for (var losses = 0; ; losses++)
        {
            var session = await SessionAsync(losses, cancellationToken).ConfigureAwait(false);
            try
            {
                return await session.SendAsync(request, null, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException) when (CanReconnect && losses < _options.Reconnect!.Attempts && CanRepeat(request))
            {
                // The daemon either never saw it or will answer as it did before.
            }
        }
    }

    /// <summary>
    /// Sends a <c>watch</c> or a following <c>log</c> and gives every line: first the answer, then the events, up to <c>end</c>.
    /// There is no request that ends it: whoever stops reading closes the connection, or lets the rest run past.
    /// </summary>
    /// <exception cref="IOException">The connection was lost.</exception>
    public async IAsyncEnumerable<Reply> FollowLinesAsync(
        Request request,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var events = ClientSession.NewEvents();
        var session = await SessionAsync(losses: 0, cancellationToken).ConfigureAwait(false);
        var answer = await session.SendAsync(request, events.Writer, cancellationToken).ConfigureAwait(false);
        yield return answer;
        if (answer.IsError)
            yield break;
        await foreach (var reply in events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return reply;
            if (reply.Event == "end")
                yield break;
        }
    }

    /// <summary>
    /// Follows events. With a <see cref="ReconnectPolicy"/> it goes on behind the last event that it gave, so that no event with
    /// a sequence number is missing or given twice.
    /// </summary>
    /// <exception cref="AptTaskException">The daemon refused it, or no longer has the events that come next.</exception>
    /// <exception cref="IOException">The connection was lost.</exception>
    public async IAsyncEnumerable<WireEvent> WatchAsync(
        WatchRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        var (ended, losses) = (false, 0);
        while (!ended)
        {
            if (losses > 0)
                await SessionAsync(losses, cancellationToken).ConfigureAwait(false);
            var lines = FollowLinesAsync(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using var _ = lines.ConfigureAwait(false);
            while (true)
            {
                try
                {
                    if (!await lines.MoveNextAsync().ConfigureAwait(false))
                    {
                        ended = true;
                        break;
                    }
                }
                catch (IOException) when (CanReconnect && losses++ < _options.Reconnect!.Attempts)
                {
                    break;
                }
                if (lines.Current.Event is null)
                {
                    var begun = lines.Current.ToAnswer<WatchAnswer>();
                    request = request with { From = request.From ?? begun.Seq + 1 };
                    continue;
                }
                if (lines.Current.ToEvent() is not { } happened)
                    continue;
                losses = 0;
                request = SeqOf(happened) is { } seq ? request with { From = seq + 1 } : request;
                yield return happened;
            }
        }
    }

    /// <summary>Reads a worklog from its beginning or an offset, and goes on with what is written until the task is final.</summary>
    /// <exception cref="AptTaskException">The daemon refused it.</exception>
    /// <exception cref="IOException">The connection was lost.</exception>
    public async IAsyncEnumerable<LogEvent> FollowLogAsync(
        LogRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        await foreach (
            var reply in FollowLinesAsync(request with { Follow = true }, cancellationToken).ConfigureAwait(false)
        )
        {
            if (reply.Event is null)
            {
                var answer = reply.ToAnswer<LogAnswer>();
                foreach (var (offset, stream, text, at) in answer.Entries)
                {
                    yield return new LogEvent
                    {
                        Offset = offset,
                        Stream = stream,
                        Text = text,
                        At = at,
                        TaskId = answer.TaskId,
                    };
                }
                if (answer.Complete)
                    yield break;
            }
            else if (reply.ToEvent() is LogEvent written)
            {
                yield return written;
            }
        }
    }

    /// <summary>Closes the connection. What is still open fails.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await _session.DisposeAsync().ConfigureAwait(false);
        _connecting.Dispose();
    }

    private bool CanReconnect => _options.Reconnect is not null && _address is not null && !_disposed;

    /// <summary>Whether asking twice does what asking once does.</summary>
    private static bool CanRepeat(Request request) =>
        request switch
        {
            // A job id makes a task recognisable: the daemon answers the second start with the first one's number.
            StartRequest start => start.Task.JobId is not null,
            SubmitRequest submit => submit.Tasks.All(task => task.JobId is not null),
            // What they would hit the second time may be something new.
            KillRequest or ShutdownRequest or ForgetRequest => false,
            // Its task may be gone after the first.
            AckRequest => false,
            _ => true,
        };

    private static long? SeqOf(WireEvent happened) =>
        happened switch
        {
            StateEvent state => state.Seq,
            PostedEvent posted => posted.Seq,
            _ => null,
        };

    private async Task<ClientSession> SessionAsync(int losses, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_session.IsLost || !CanReconnect)
            return _session;
        await _connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Somebody else may have done it while we stood in the queue.
            if (_session.IsLost)
            {
                var old = _session;
                _session = await ReconnectAsync(losses, cancellationToken).ConfigureAwait(false);
                await old.DisposeAsync().ConfigureAwait(false);
            }
            return _session;
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <param name="losses">How often the caller lost it just before: a daemon that takes and drops connections is not hammered.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async Task<ClientSession> ReconnectAsync(int losses, CancellationToken cancellationToken)
    {
        var policy = _options.Reconnect!;
        for (var attempt = losses; ; attempt++)
        {
            var delay = policy.DelayBefore(attempt, _options.Jitter?.Invoke() ?? 1);
            await Task.Delay(delay, _options.Time, cancellationToken).ConfigureAwait(false);
            try
            {
                return await OpenAsync(_address!, _options, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException) when (attempt + 1 < policy.Attempts)
            {
                // The daemon may be starting again: that is what the next attempt is for.
            }
        }
    }

    private static async Task<ClientSession> OpenAsync(
        AptTaskAddress address,
        AptTaskConnectionOptions options,
        CancellationToken cancellationToken
    )
    {
        Stream stream;
        try
        {
            stream = await address.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or AuthenticationException)
        {
            throw new IOException($"Cannot connect to {address}: {exception.Message.TrimEnd('.')}.", exception);
        }
        var session = new ClientSession(stream, address.ToString());
        await GreetAsync(session, options, cancellationToken).ConfigureAwait(false);
        return session;
    }

    private static async Task GreetAsync(
        ClientSession session,
        AptTaskConnectionOptions options,
        CancellationToken cancellationToken
    )
    {
        if (options.Key is null)
            return;
        try
        {
            var hello = new HelloRequest { Key = options.Key };
            var reply = await session.SendAsync(hello, null, cancellationToken).ConfigureAwait(false);
            reply.ToAnswer<HelloAnswer>();
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
