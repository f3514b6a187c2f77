namespace AptTask.Host.Output;

/// <summary>
/// What a running attempt prints and logs: bounded, readable while it grows. Keeps the beginning and the end when there is too
/// much, and says how much is missing between. Any thread may use it.
/// </summary>
/// <param name="limit">How many bytes of text are kept.</param>
/// <param name="start">The offset of its first byte: where the worklog of earlier attempts ended.</param>
/// <param name="time">Stamps the pieces.</param>
internal sealed class WorkLog(long limit, long start, TimeProvider time)
{
    // A piece that comes with its own array would waste memory on single lines; those are gathered up to this size.
    private const int GatherLimit = 512;

    private readonly Lock _gate = new();
    private readonly List<WorkLogPiece> _head = [];
    private readonly Queue<WorkLogPiece> _tail = new();
    private long _headBytes;
    private long _tailBytes;
    private bool _complete;
    private TaskCompletionSource _more = NewSignal();

    /// <summary>The offset behind the newest byte.</summary>
    public long Length { get; private set; } = start;

    /// <summary>Whether nothing more comes.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_gate)
                return _complete;
        }
    }

    /// <summary>Adds text. Never throws; what is too much pushes out the middle.</summary>
    public void Append(string stream, ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return;
        TaskCompletionSource signal;
        lock (_gate)
        {
            if (_complete)
                return;
            Keep_NeedsLock(new WorkLogPiece(Length, time.GetUtcNow(), stream, utf8.ToArray()));
            Length += utf8.Length;
            signal = _more;
            _more = NewSignal();
        }

        signal.TrySetResult();
    }

    /// <summary>Nothing more comes; those who follow are told.</summary>
    public void Complete()
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            _complete = true;
            signal = _more;
        }

        signal.TrySetResult();
    }

    /// <summary>The pieces from an offset on that are kept.</summary>
    public IReadOnlyList<WorkLogPiece> ReadFrom(long offset)
    {
        lock (_gate)
            return WorkLogReading.From(_head.Concat(_tail), offset);
    }

    /// <summary>Completes when there is something behind an offset, or nothing more will come.</summary>
    public async Task WaitBeyondAsync(long offset, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (Length > offset || _complete)
                    return;
                more = _more.Task;
            }

            await more.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Everything that is kept, as bytes for the store; empty when nothing was written.</summary>
    public ReadOnlyMemory<byte> ToBytes()
    {
        lock (_gate)
            return _headBytes == 0 ? default : WorkLogCode.Write([.. _head, .. _tail]);
    }

    private void Keep_NeedsLock(WorkLogPiece piece)
    {
        if (_tail.Count == 0 && _headBytes + piece.Text.Length <= limit / 2)
        {
            _headBytes += piece.Text.Length;
            Gather_NeedsLock(piece);
            return;
        }

        if (piece.Text.Length > limit / 2)
        {
            var cut = piece.Text.Length - (int)(limit / 2);
            piece = piece with { Offset = piece.Offset + cut, Text = piece.Text[cut..] };
        }

        // Something must stand at the beginning for ToBytes and for readers, however large the first piece was.
        if (_headBytes == 0)
        {
            _headBytes = piece.Text.Length;
            _head.Add(piece);
            return;
        }

        _tail.Enqueue(piece);
        _tailBytes += piece.Text.Length;
        while (_tailBytes > limit / 2 && _tail.TryDequeue(out var oldest))
            _tailBytes -= oldest.Text.Length;
    }

    private void Gather_NeedsLock(WorkLogPiece piece)
    {
        if (
            _head.Count > 0
            && _head[^1] is var last
            && last.Stream == piece.Stream
            && last.End == piece.Offset
            && last.Text.Length + piece.Text.Length <= GatherLimit
        )
        {
            _head[^1] = last with { Text = (byte[])[.. last.Text.Span, .. piece.Text.Span] };
        }
        else
        {
            _head.Add(piece);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
