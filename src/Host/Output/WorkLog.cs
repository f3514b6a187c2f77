namespace AptTask.Host.Output;

/// <summary>
/// What a running attempt prints and logs: bounded, readable while it grows. Keeps the beginning and the end when there is too
/// much, and says how much is missing between. Any thread may use it.
/// </summary>
/// <param name="limit">
/// How many bytes are kept, what each piece costs besides its text counted too: so single characters are bounded as well.
/// </param>
/// <param name="start">The offset of its first byte: where the worklog of earlier attempts ended.</param>
/// <param name="time">Stamps the pieces.</param>
internal sealed class WorkLog(long limit, long start, TimeProvider time)
{
    // A piece that comes with its own array would waste memory on single lines; those are gathered up to this size.
    private const int GatherLimit = 512;

    // What keeping a piece costs besides its text, roughly: the piece itself, its array, its link.
    private const int PieceCost = 96;

    private readonly Lock _gate = new();
    private readonly List<WorkLogPiece> _head = [];
    private readonly LinkedList<WorkLogPiece> _tail = new();
    private long _headCost;
    private long _tailCost;
    private bool _sealed;
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
            if (_sealed)
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
            _sealed = true;
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

    /// <summary>Takes nothing more, without telling those who follow yet.</summary>
    /// <returns>Everything that is kept, as bytes for the store, and the offset behind it; empty when nothing was written.</returns>
    public (ReadOnlyMemory<byte> Content, long Length) Seal()
    {
        lock (_gate)
        {
            _sealed = true;
            return (_head.Count == 0 ? default : WorkLogCode.Write([.. _head, .. _tail]), Length);
        }
    }

    private void Keep_NeedsLock(WorkLogPiece piece)
    {
        var half = limit / 2;
        if (_tail.Count == 0 && KeepAtTheBeginning_NeedsLock(piece, half))
            return;

        var most = (int)Math.Max(1, half - PieceCost);
        if (piece.Text.Length > most)
        {
            var cut = piece.Text.Length - most;
            piece = piece with { Offset = piece.Offset + cut, Text = piece.Text[cut..] };
        }

        // Something must stand at the beginning for readers, however large the first piece was.
        if (_head.Count == 0)
        {
            _head.Add(piece);
            _headCost = CostOf(piece);
            return;
        }

        if (_tail.Last is { } last && Joined(last.Value, piece) is { } joined)
        {
            last.Value = joined;
            _tailCost += piece.Text.Length;
        }
        else
        {
            _tail.AddLast(piece);
            _tailCost += CostOf(piece);
        }

        while (_tailCost > half && _tail.Count > 1)
        {
            _tailCost -= CostOf(_tail.First!.Value);
            _tail.RemoveFirst();
        }
    }

    private bool KeepAtTheBeginning_NeedsLock(WorkLogPiece piece, long most)
    {
        if (_head.Count > 0 && Joined(_head[^1], piece) is { } joined)
        {
            if (_headCost + piece.Text.Length > most)
                return false;
            _head[^1] = joined;
            _headCost += piece.Text.Length;
            return true;
        }

        if (_headCost + CostOf(piece) > most)
            return false;
        _head.Add(piece);
        _headCost += CostOf(piece);
        return true;
    }

    private static WorkLogPiece? Joined(WorkLogPiece last, WorkLogPiece piece) =>
        last.Stream == piece.Stream && last.End == piece.Offset && last.Text.Length + piece.Text.Length <= GatherLimit
            ? last with
            {
                Text = (byte[])[.. last.Text.Span, .. piece.Text.Span],
            }
            : null;

    private static long CostOf(WorkLogPiece piece) => piece.Text.Length + PieceCost;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
