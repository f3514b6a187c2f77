namespace AptTask.Host.Execution.Workers.Remote;

/// <summary>
/// How long a worker owns what it runs. Counted from when it sent the sign of life that the daemon answered, not from when the
/// answer came: the daemon counts from when it heard the worker, and must never be the first to give up, however slow an answer was.
/// </summary>
internal sealed class Lease : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Number, long Sent)> _unanswered = new();
    private readonly TimeSpan _length;
    private readonly TimeProvider _time;
    private readonly ITimer _end;
    private long _from;

    /// <summary>Begins one.</summary>
    /// <param name="length">How long it is.</param>
    /// <param name="from">The time stamp from which it counts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="over">Called on any thread when it has run out.</param>
    public Lease(TimeSpan length, long from, TimeProvider time, Action over)
    {
        _length = length;
        _from = from;
        _time = time;
        _end = time.CreateTimer(
            static over => ((Action)over!)(),
            over,
            Positive(length - time.GetElapsedTime(from)),
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>Whether it has run out, also when nobody was told yet: a process that was held up hears of it late.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate)
                return _time.GetElapsedTime(_from) >= _length;
        }
    }

    /// <summary>A sign of life goes out now.</summary>
    /// <param name="number">Its number; each is higher than the last.</param>
    public void NoteSent(long number)
    {
        lock (_gate)
            _unanswered.Enqueue((number, _time.GetTimestamp()));
    }

    /// <summary>The daemon has heard that one. What is over stays over.</summary>
    public void NoteAnswered(long number)
    {
        lock (_gate)
        {
            if (_time.GetElapsedTime(_from) >= _length)
                return;
            while (_unanswered.TryPeek(out var oldest) && oldest.Number <= number)
                _from = _unanswered.Dequeue().Sent;
            _end.Change(Positive(_length - _time.GetElapsedTime(_from)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();

    private static TimeSpan Positive(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.Zero;
}
