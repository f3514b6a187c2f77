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

    /// <summary>Whether there is nothing more to wait for.</summary>
    public bool IsSettled => _outcome is not null;

    /// <inheritdoc/>
    public override void Take(TaskLedger ledger, DateTimeOffset now)
    {
        if (givenUp.IsCancellationRequested)
        {
            _answer.TrySetCanceled(givenUp);
            return;
        }

        var outcome = ledger.Submit(tasks, strict, now);
        if (waits && outcome is SubmitOutcome.Refused { Refusal: Refusal.QueueFull })
            ledger.Park(this);
        else
            _outcome = outcome;
    }

    /// <inheritdoc/>
    public override void Answer()
    {
        if (_outcome is not null)
            _answer.TrySetResult(_outcome);
    }

    /// <inheritdoc/>
    public override void Drop() => _answer.TrySetException(new EngineStoppedException());
}
