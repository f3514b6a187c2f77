namespace AptTask.Host.Engine;

/// <summary>A letter whose work is a function of the ledger.</summary>
internal sealed class LetterOf<T>(Func<TaskLedger, DateTimeOffset, T> work) : Letter
{
    // The sender's code must not run on the loop.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _value = default!;
    private Exception? _fault;

    /// <summary>The answer, once everything it says has been written.</summary>
    public Task<T> Answered => _answer.Task;

    /// <inheritdoc/>
    public override void Take(TaskLedger ledger, DateTimeOffset now)
    {
        try
        {
            _value = work(ledger, now);
        }
        catch (LetterException e)
        {
            _fault = e;
        }
    }

    /// <inheritdoc/>
    public override void Answer()
    {
        if (_fault is null)
            _answer.SetResult(_value);
        else
            _answer.SetException(_fault);
    }

    /// <inheritdoc/>
    public override void Drop() => _answer.TrySetException(new EngineStoppedException());
}
