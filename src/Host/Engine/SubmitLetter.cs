using System.Collections.Immutable;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>
/// A submission. One that may wait for room is kept by the ledger while the queue of its group is full, and taken again when
/// there is room; its sender may give up meanwhile.
/// </summary>
internal sealed class SubmitLetter(ImmutableArray<NewTask> tasks, bool strict, bool waits, CancellationToken givenUp)
    : Letter
{
    private readonly TaskCompletionSource<SubmitOutcome> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private SubmitOutcome? _outcome;

    /// <summary>What became of it, once it is written.</summary>
    public Task<SubmitOutcome> Answered => _answer.Task;

    /// <summary>Whose tasks.</summary>
    public GroupName Group => tasks[0].Spec.Group;

    /// <inheritdoc/>
    public override void Take(TaskLedger ledger, DateTimeOffset now)
    {
        // First come, first served: one that fits now does not overtake a larger one that waits.
        if (!givenUp.IsCancellationRequested && waits && ledger.HasParked(Group))
            ledger.Park(this);
        else if (!TakeFromLine(ledger, now))
            ledger.Park(this);
    }

    /// <summary>Tries it, at its turn. Loop only.</summary>
    /// <returns>False when it has to wait for room; the letter wants to be answered else.</returns>
    public bool TakeFromLine(TaskLedger ledger, DateTimeOffset now)
    {
        if (givenUp.IsCancellationRequested)
            return true;
        var outcome = ledger.Submit(tasks, strict, now);
        // More than the queue ever holds would wait for ever, and all behind it.
        if (waits && outcome is SubmitOutcome.Refused { Refusal: Refusal.QueueFull full } && tasks.Length <= full.Limit)
            return false;
        _outcome = outcome;
        return true;
    }

    /// <inheritdoc/>
    public override void Answer()
    {
        if (_outcome is not null)
            _answer.TrySetResult(_outcome);
        else if (givenUp.IsCancellationRequested)
            _answer.TrySetCanceled(givenUp);
    }

    /// <inheritdoc/>
    public override void Drop() => _answer.TrySetException(new EngineStoppedException());
}
