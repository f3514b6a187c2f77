namespace AptTask.Host.Requests;

/// <summary>
/// Says how long the answer to a wrong key is held back: the first few of a place at the usual delay, further ones one after the other
/// and ever more slowly. Only wrong keys come here, so nobody who has a right one is kept out, whoever else guesses from the same
/// place. Any thread.
/// </summary>
internal sealed class WrongKeys(TimeSpan delay, TimeProvider time)
{
    /// <summary>How many a place has at the usual delay.</summary>
    public const int Free = 5;

    /// <summary>How many places are remembered; the one that has been quiet longest goes.</summary>
    public const int PlaceLimit = 10_000;

    private static readonly TimeSpan FirstGap = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Place>> _places = new(StringComparer.Ordinal);

    // The place that was heard of last stands first.
    private readonly LinkedList<Place> _order = [];

    /// <summary>How many places are remembered now.</summary>
    public int Places
    {
        get
        {
            lock (_gate)
                return _places.Count;
        }
    }

    /// <summary>Counts one more wrong key.</summary>
    /// <param name="from">Where it came from.</param>
    /// <returns>How long its answer is held back: never less than the usual delay, nor more than the longest gap beyond it.</returns>
    public TimeSpan HoldBack(PeerAddress from)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            var wait = Find_NeedsLock(from.Name, now).Take(now, time);
            return wait > delay ? wait : delay;
        }
    }

    private Place Find_NeedsLock(string name, long now)
    {
        if (_places.TryGetValue(name, out var known))
        {
            _order.Remove(known);
            _order.AddFirst(known);
            return known.Value;
        }

        if (_places.Count == PlaceLimit)
        {
            _places.Remove(_order.Last!.Value.Name);
            _order.RemoveLast();
        }

        var place = _order.AddFirst(new Place(name, now));
        _places.Add(name, place);
        return place.Value;
    }

    /// <summary>A bucket of tokens, one for each wrong key at the usual delay. It fills again at the pace of the last gap.</summary>
    private sealed class Place(string name, long now)
    {
        private double _tokens = Free;
        private TimeSpan _gap = FirstGap;
        private bool _isSlowed;

        // When the last answer went out, or will go out.
        private long _last = now;

        public string Name { get; } = name;

        public TimeSpan Take(long now, TimeProvider time)
        {
            Fill(now, time);
            if (_tokens >= 1)
            {
                _tokens--;
                return TimeSpan.Zero;
            }

            if (_isSlowed)
                _gap = _gap * 2 < LongestGap ? _gap * 2 : LongestGap;
            _isSlowed = true;
            // Behind those that wait already, so that many connections guess no faster than one. The bound is for the daemon's sake.
            var wait = (_last > now ? time.GetElapsedTime(now, _last) : TimeSpan.Zero) + _gap;
            wait = wait < LongestGap ? wait : LongestGap;
            _last = now + (long)(wait.TotalSeconds * time.TimestampFrequency);
            return wait;
        }

        private void Fill(long now, TimeProvider time)
        {
            if (now <= _last)
                return;
            _tokens = Math.Min(Free, _tokens + (time.GetElapsedTime(_last, now) / _gap));
            _last = now;
            if (_tokens < Free)
                return;
            _gap = FirstGap;
            _isSlowed = false;
        }
    }
}
