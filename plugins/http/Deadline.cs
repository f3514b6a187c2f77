namespace Http;

/// <summary>Cancels when the time is over or the attempt is stopped, and knows which of the two it was.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _time;
    private readonly CancellationTokenSource _both;

    public Deadline(TimeProvider time, TimeSpan after, CancellationToken stop)
    {
        _time = new CancellationTokenSource(after, time);
        _both = CancellationTokenSource.CreateLinkedTokenSource(_time.Token, stop);
    }

    public CancellationToken Token => _both.Token;

    public bool Passed => _time.IsCancellationRequested;

    public void Dispose()
    {
        _both.Dispose();
        _time.Dispose();
    }
}
