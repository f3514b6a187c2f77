namespace AptTask.Host.Endpoints;

/// <summary>How many sessions are open.</summary>
internal sealed class ConnectionCount
{
    private int _open;

    /// <summary>How many there are now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>One more, until the return value is disposed of.</summary>
    public IDisposable Enter()
    {
        Interlocked.Increment(ref _open);
        return new Place(this);
    }

    private sealed class Place(ConnectionCount count) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref count._open);
    }
}
