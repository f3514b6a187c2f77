using System.IO.Pipelines;
using System.Threading.Channels;
using AptTask.Protocol;

namespace AptTask.Host.Requests;

/// <summary>
/// What a session has to say, in the order in which it is said. Answers have their place reserved by the limit of open requests;
/// events take what room there is, and a client that does not read loses its connection, not the daemon its memory.
/// </summary>
internal sealed class Outbox : IDisposable
{
    /// <summary>How many requests of one session may be unanswered; the next line is read when one is.</summary>
    public const int OpenRequestLimit = 1024;

    /// <summary>
    /// Of those, how many may have an answer that can be a megabyte, as long as nothing is known of the client: one that does not
    /// read costs the daemon little. Each such answer that was small and has been written makes room for one more, each large one takes it back.
    /// </summary>
    public const int LargeAnswerLimit = 16;

    private const int MostLargeAnswers = 256;
    private const int SmallAnswerBytes = 16 * 1024;

    private const int EventLimit = 8192;
    private const int FlushBytes = 64 * 1024;

    private readonly Channel<Item> _items = Channel.CreateUnbounded<Item>(
        new UnboundedChannelOptions { SingleReader = true }
    );
    private readonly SemaphoreSlim _places = new(OpenRequestLimit);
    private readonly SemaphoreSlim _largePlaces = new(LargeAnswerLimit);
    private int _largeAllowed = LargeAnswerLimit;
    private int _events;

    /// <summary>Whether a request is open: the session is not idle then.</summary>
    public bool HasOpenRequests => _places.CurrentCount < OpenRequestLimit;

    /// <summary>How many more answers that can be large may be open.</summary>
    public int LargeRoom => _largePlaces.CurrentCount;

    /// <summary>Whether any answer so far was an error.</summary>
    public bool HasRefused { get; private set; }

    /// <summary>Takes a place for the answer to come.</summary>
    public Task ReserveAsync(CancellationToken cancellationToken) => _places.WaitAsync(cancellationToken);

    /// <summary>Takes a place for an answer that may be large, besides the other one.</summary>
    public Task ReserveLargeAsync(CancellationToken cancellationToken) => _largePlaces.WaitAsync(cancellationToken);

    /// <summary>Says an answer in its turn, once it is there.</summary>
    public void Answer(RequestId id, string? name, Task<Response> reply, bool isLarge = false) =>
        _items.Writer.TryWrite(new Item(id, name, reply, null) { IsLarge = isLarge });

    /// <summary>Says an error that answers no request in particular.</summary>
    public void Refuse(WireError error) =>
        _items.Writer.TryWrite(new Item(default, null, Task.FromResult(Response.Of(error)), null, Unreserved: true));

    /// <summary>Says an event.</summary>
    /// <returns>False when there is no room.</returns>
    public bool Event(WireEvent happened)
    {
        if (Interlocked.Increment(ref _events) <= EventLimit)
            return _items.Writer.TryWrite(new Item(default, null, null, happened));
        Interlocked.Decrement(ref _events);
        return false;
    }

    /// <summary>Says an event that is not to be missed, and completes when it is written: for streams that can wait for their reader.</summary>
    public Task EventAsync(WireEvent happened, CancellationToken cancellationToken)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _items.Writer.TryWrite(new Item(default, null, null, happened) { Written = written });
        return written.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Gives a place back that no answer needed, or that a stream of events had.</summary>
    public void Release() => _places.Release();

    /// <summary>Completes when no request is open: everything that was asked has been answered and written.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        for (var place = 0; place < OpenRequestLimit; place++)
            await _places.WaitAsync(cancellationToken);
    }

    /// <summary>Goes on after it was drained.</summary>
    public void Reopen() => _places.Release(OpenRequestLimit);

    /// <inheritdoc/>
    public void Dispose()
    {
        _places.Dispose();
        _largePlaces.Dispose();
    }

    /// <summary>Nothing more will be said.</summary>
    public void Complete() => _items.Writer.TryComplete();

    /// <summary>Writes everything until the outbox is complete.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="flush">Flushes, within the time that a client has for reading.</param>
    public async Task WriteAllAsync(PipeWriter output, Func<ValueTask> flush)
    {
        while (await _items.Reader.WaitToReadAsync())
        {
            while (_items.Reader.TryRead(out var item))
            {
                if (item.Happened is { } happened)
                {
                    AnswerWriter.WriteEvent(output, happened);
                    if (item.Written is { } written)
                        written.TrySetResult();
                    else
                        Interlocked.Decrement(ref _events);
                }
                else
                {
                    // Whoever waits for this one should see what came before it.
                    if (!item.Response!.IsCompleted && output.UnflushedBytes > 0)
                        await flush();
                    var response = await item.Response;
                    var before = output.UnflushedBytes;
                    Write(output, item.Id, item.Name, response);
                    if (!item.Unreserved)
                        _places.Release();
                    if (item.IsLarge)
                        ReleaseLarge(output.UnflushedBytes - before);
                }

                if (output.UnflushedBytes >= FlushBytes)
                    await flush();
            }

            if (output.UnflushedBytes > 0)
                await flush();
        }
    }

    private void ReleaseLarge(long bytes)
    {
        if (bytes <= SmallAnswerBytes && _largeAllowed < MostLargeAnswers)
        {
            _largeAllowed++;
            _largePlaces.Release(2);
        }
        else if (bytes > SmallAnswerBytes && _largeAllowed > LargeAnswerLimit)
        {
            _largeAllowed--;
        }
        else
        {
            _largePlaces.Release();
        }
    }

    private void Write(PipeWriter output, RequestId id, string? name, Response reply)
    {
        if (reply.Answer is { } answer)
        {
            AnswerWriter.WriteAnswer(output, id, name ?? "", answer);
            return;
        }

        HasRefused = true;
        AnswerWriter.WriteError(output, id, name, reply.Error!);
    }

    private readonly record struct Item(
        RequestId Id,
        string? Name,
        Task<Response>? Response,
        WireEvent? Happened,
        bool Unreserved = false
    )
    {
        public bool IsLarge { get; init; }

        public TaskCompletionSource? Written { get; init; }
    }
}
