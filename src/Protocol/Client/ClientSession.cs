using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using System.Threading.Channels;

namespace AptTask.Protocol;

/// <summary>
/// One stream to a daemon, from its opening to its loss. Writes requests, and hands each line that comes to the one who waits
/// for its id. It neither connects nor reconnects.
/// </summary>
internal sealed class ClientSession : IAsyncDisposable
{
    /// <summary>The longest line that is taken from a daemon. Answers are bounded there; this bound is against what is no daemon.</summary>
    private const int LineLimit = 64 * 1024 * 1024;

    /// <summary>How many events may be unread before their reader has lost them.</summary>
    private const int EventLimit = 100_000;

    private readonly Stream _stream;
    private readonly string _peer;
    private readonly PipeWriter _writer;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<long, Waiter> _waiters = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _reading;
    private long _lastId;
    private int _waitingToWrite;
    private volatile bool _ended;
    private Exception? _loss;

    public ClientSession(Stream stream, string peer)
    {
        _stream = stream;
        _peer = peer;
        _writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Whether nothing more will come.</summary>
    public bool IsLost => _ended;

    /// <summary>Sends a request under an id of its own.</summary>
    /// <param name="request">Its id, if it has one, is replaced.</param>
    /// <param name="events">Where events with that id go; null when none are expected.</param>
    /// <param name="cancellationToken">Gives up waiting; the request may be carried out all the same.</param>
    /// <exception cref="IOException">The connection was lost before the answer came.</exception>
    public async Task<Reply> SendAsync(
        Request request,
        ChannelWriter<Reply>? events,
        CancellationToken cancellationToken
    )
    {
        var id = Interlocked.Increment(ref _lastId);
        var waiter = new Waiter(events);
        _waiters[id] = waiter;
        try
        {
            // Asked after the waiter is there: either we see the end, or the one who ends sees the waiter.
            if (_ended)
                throw Lost();
            await WriteAsync(request with { Id = RequestId.Of(id) }).ConfigureAwait(false);
            return await waiter.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _waiters.TryRemove(id, out _);
            throw;
        }
        finally
        {
            if (events is null)
                _waiters.TryRemove(id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _closing.Dispose();
        _writing.Dispose();
    }

    private async Task WriteAsync(Request request)
    {
        // Written in private first: a request that cannot be written leaves no half line behind.
        var line = new ArrayBufferWriter<byte>(256);
        RequestWriter.Write(line, request);
        Interlocked.Increment(ref _waitingToWrite);
        // Not cancellable: whoever stands in this queue flushes for those before, and the wait is short.
        await _writing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            _writer.Write(line.WrittenSpan);
            if (Interlocked.Decrement(ref _waitingToWrite) == 0)
                await _writer.FlushAsync(_closing.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            Interlocked.CompareExchange(ref _loss, exception, null);
            throw Lost();
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        var reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true));
        var cutter = new LineCutter(LineLimit);
        try
        {
            var ended = false;
            while (!ended)
            {
                var read = await reader.ReadAsync(_closing.Token).ConfigureAwait(false);
                var buffer = read.Buffer;
                ended = TakeLines(cutter, ref buffer) == Cut.TooLong || read.IsCompleted;
                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (Exception exception)
            when (exception is IOException or ObjectDisposedException or OperationCanceledException or JsonException)
        {
            // Told to everyone who waits, below.
            Interlocked.CompareExchange(ref _loss, exception, null);
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
            _ended = true;
            FailAll();
        }
    }

    private Cut TakeLines(LineCutter cutter, ref ReadOnlySequence<byte> buffer)
    {
        Cut cut;
        while ((cut = cutter.TryCut(ref buffer, out var line)) == Cut.Line)
            Take(Reply.Read(line.ToArray()));
        if (cut == Cut.TooLong)
            _loss ??= new IOException($"{_peer} sent a line of more than {LineLimit} bytes; is it a daemon?");
        return cut;
    }

    private void Take(Reply reply)
    {
        if (reply.Id.IsNumber && _waiters.TryGetValue(reply.Id.Number, out var waiter))
        {
            if (reply.Event is null)
                waiter.Answer.TrySetResult(reply);
            else
                Hand(waiter, reply);
        }
        else if (reply.IsError && !reply.Id.IsGiven)
        {
            // Said of the connection and not of a request: it is about to be closed, and this is why.
            _loss ??= new AptTaskException(reply.ToError());
        }
        // Anything else answers a request that was given up.
    }

    private static void Hand(Waiter waiter, Reply reply)
    {
        if (waiter.Events is null || waiter.Events.TryWrite(reply))
            return;
        waiter.Events.TryComplete(
            new AptTaskException(
                new WireError(ErrorCodes.EventsGone, $"More than {EventLimit} events were not read. Watch again.")
            )
        );
    }

    private void FailAll()
    {
        while (!_waiters.IsEmpty)
        {
            foreach (var (id, waiter) in _waiters)
            {
                if (_waiters.TryRemove(id, out _))
                    waiter.Fail(Lost());
            }
        }
    }

    private Exception Lost() =>
        _loss is AptTaskException refused
            ? refused
            : new IOException($"The connection to {_peer} was lost before the answer came.", _loss);

    /// <summary>A channel for the events of one request.</summary>
    public static Channel<Reply> NewEvents() =>
        Channel.CreateBounded<Reply>(
            new BoundedChannelOptions(EventLimit) { SingleReader = true, SingleWriter = true }
        );

    private sealed class Waiter(ChannelWriter<Reply>? events)
    {
        public ChannelWriter<Reply>? Events { get; } = events;

        public TaskCompletionSource<Reply> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Fail(Exception loss)
        {
            Answer.TrySetException(loss);
            Events?.TryComplete(loss);
        }
    }
}
