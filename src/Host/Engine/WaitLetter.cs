using System.Collections.Immutable;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>Waits for tasks to become final: all of them, or any one.</summary>
internal sealed class WaitLetter(ImmutableArray<TaskReference> tasks, bool any) : Letter
{
    private readonly TaskCompletionSource<ImmutableArray<TaskSnapshot>> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly List<TaskId> _open = [];
    private ImmutableArray<TaskId> _all;
    private bool _notFound;
    private TaskLedger? _ledger;
    private ImmutableArray<TaskSnapshot>? _snapshots;

    /// <summary>All the tasks as they stand when the wait is over.</summary>
    public Task<ImmutableArray<TaskSnapshot>> Answered => _answer.Task;

    /// <inheritdoc/>
    public override void Take(TaskLedger ledger, DateTimeOffset now)
    {
        _ledger = ledger;
        var records = tasks.Select(ledger.TryFind).ToList();
        if (records.Contains(null))
        {
            _notFound = true;
            return;
        }

        _all = [.. records.Select(record => record!.Spec.Id)];
        _open.AddRange(records.Where(record => !record!.State.IsFinal).Select(record => record!.Spec.Id).Distinct());
        if (_open.Count == 0 || (any && _open.Count < _all.Distinct().Count()))
            Settle();
        else
            _open.ForEach(task => ledger.AddWaiter(task, this));
    }

    /// <summary>One of the tasks became final. Loop only.</summary>
    /// <returns>True when the wait is over and the letter wants to be answered.</returns>
    public bool Note(TaskId task)
    {
        _open.Remove(task);
        if (_snapshots is not null || (_open.Count > 0 && !any))
            return false;
        Settle();
        return true;
    }

    /// <summary>Stops waiting and answers how things stand. Loop only; the caller answers the letter.</summary>
    public void GiveUp()
    {
        if (_snapshots is null && _ledger is not null && !_notFound)
            Settle();
    }

    /// <inheritdoc/>
    public override void Answer()
    {
        if (_notFound)
            _answer.TrySetException(new LetterException(LetterFault.NotFound));
        else if (_snapshots is { } snapshots)
            _answer.TrySetResult(snapshots);
    }

    /// <inheritdoc/>
    public override void Drop() => _answer.TrySetException(new EngineStoppedException());

    private void Settle()
    {
        _open.ForEach(task => _ledger!.RemoveWaiter(task, this));
        _open.Clear();
        // A task may have been acknowledged by someone else while this one waited for another: then it is left out.
        _snapshots = [.. _all.Select(_ledger!.TryFind).OfType<TaskRecord>().Select(record => TaskSnapshot.Of(record))];
    }
}
