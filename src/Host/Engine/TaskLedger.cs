using System.Collections.Immutable;
using System.Diagnostics;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>
/// All that the loop owns: the scheduler, the records of the tasks, the events. Turns what comes in into inputs of the
/// scheduler and its effects into changes for the store, acts for the runner and events for watchers. It starts nothing and
/// writes nothing itself: the loop does, after the commit.
/// </summary>
internal sealed partial class TaskLedger
{
    private readonly Scheduler _scheduler;
    private readonly ITaskStore _store;
    private readonly LedgerOptions _options;
    private readonly Func<double> _draw;
    private readonly DateTimeOffset _since;
    private readonly Dictionary<TaskId, TaskRecord> _records = [];
    private readonly Dictionary<GroupName, LedgerGroup> _groups = [];
    private readonly Dictionary<TaskId, List<WaitLetter>> _waiters = [];
    private readonly HashSet<LedgerGroup> _roomier = [];
    private readonly EngineCounts _counts = new();
    private long _nextTaskId = 1;
    private bool _takesParked;
    private DateTimeOffset? _schedulerWake;

    /// <summary>Makes a ledger without tasks.</summary>
    /// <param name="scheduler">Decides; owned from now on.</param>
    /// <param name="store">For looks at results that are not in memory.</param>
    /// <param name="options">Limits.</param>
    /// <param name="draw">Draws a number from 0 to 1 for the jitter of retries.</param>
    /// <param name="now">When it begins.</param>
    public TaskLedger(
        Scheduler scheduler,
        ITaskStore store,
        LedgerOptions options,
        Func<double> draw,
        DateTimeOffset now
    )
    {
        _scheduler = scheduler;
        _store = store;
        _options = options;
        _draw = draw;
        _since = now;
    }

    /// <summary>What the next commit has to write.</summary>
    public StoreBatch Batch { get; } = new();

    /// <summary>Attempts to start after the commit.</summary>
    public List<AttemptOrder> Starts { get; } = [];

    /// <summary>Attempts to stop after the commit.</summary>
    public List<(AttemptToken Token, bool Force)> Stops { get; } = [];

    /// <summary>What to tell watchers after the commit.</summary>
    public List<(LedgerGroup Group, TaskEvent Event)> Events { get; } = [];

    /// <summary>Letters of earlier batches that can be answered after the commit.</summary>
    public List<Letter> LateAnswers { get; } = [];

    /// <summary>What the engine has done so far.</summary>
    public EngineCounts Counts => _counts;

    /// <summary>Whether any attempt is under way.</summary>
    public bool HasRunning => _scheduler.Lanes().Any(lane => !lane.Running.IsEmpty);

    /// <summary>The next time at which something is due, or null.</summary>
    public DateTimeOffset? NextWake =>
        _expiries.TryPeek(out _, out var expiry) && (_schedulerWake is null || expiry < _schedulerWake)
            ? expiry
            : _schedulerWake;

    /// <summary>Takes in what the store kept. Attempts that were running when the last owner ended are lost.</summary>
    public void Restore(StoreContent content, DateTimeOffset now)
    {
        _nextTaskId = content.NextTaskId;
        foreach (var (name, sequence) in content.Sequences)
            _groups.Add(name, new LedgerGroup(name, sequence, _options.EventsPerGroup));
        foreach (var record in content.Tasks)
        {
            _records.Add(record.Spec.Id, record);
            Add(record);
            if (record.State.IsFinal)
                Keep(record);
        }

        var lost = content.Tasks.Where(record => record.State is TaskState.Running).ToList();
        Apply(
            new Input.Restore(
                [
                    .. content.Tasks.Select(record => new RestoredTask(
                        record.Spec,
                        record.State,
                        record.LostAttempts,
                        record.Started
                    )),
                ],
                content.Jobs
            ),
            now
        );
        LoseAll(lost, now);
    }

    /// <summary>Takes a submission, or refuses it whole.</summary>
    public SubmitOutcome Submit(ImmutableArray<NewTask> tasks, bool strict, DateTimeOffset now)
    {
        var specs = ImmutableArray.CreateBuilder<TaskSpec>(tasks.Length);
        foreach (var task in tasks)
            specs.Add(task.Spec with { Id = new TaskId(_nextTaskId + specs.Count) });
        var taken = specs.MoveToImmutable();

        var first = _nextTaskId;
        for (var index = 0; index < tasks.Length; index++)
            _records.Add(taken[index].Id, new TaskRecord(taken[index], tasks[index].Order, now));

        var (refusal, accepted) = Apply(new Input.Submit(taken, strict), now);
        if (refusal is not null)
        {
            foreach (var spec in taken)
                _records.Remove(spec.Id);
            _counts.Refused++;
            return new SubmitOutcome.Refused(refusal);
        }

        _nextTaskId = first + taken.Length;
        Batch.NextTaskId = _nextTaskId;
        return new SubmitOutcome.Accepted(accepted);
    }

    /// <summary>Whether submissions of a group wait for room; a new one that may wait goes behind them.</summary>
    public bool HasParked(GroupName group) => _groups.TryGetValue(group, out var known) && known.Parked.Count > 0;

    /// <summary>Keeps a submission until its group's queue has room.</summary>
    public void Park(SubmitLetter letter) => GroupFor(letter.Group).Parked.AddLast(letter);

    /// <summary>Its sender has given up: a submission no longer waits for room. Those behind it may have some.</summary>
    public void Unpark(SubmitLetter letter, DateTimeOffset now)
    {
        var group = GroupFor(letter.Group);
        if (!group.Parked.Remove(letter))
            return;
        _roomier.Add(group);
        TakeParked(now);
    }

    /// <summary>The engine stops: all who wait for something to come are told that it will not.</summary>
    public void DropAll()
    {
        LateAnswers.ForEach(letter => letter.Drop());
        foreach (var waiter in _waiters.Values.SelectMany(waiters => waiters))
            waiter.Drop();
        foreach (var letter in _groups.Values.SelectMany(group => group.Parked))
            letter.Drop();
    }

    /// <summary>Time has passed.</summary>
    public void Tick(DateTimeOffset now)
    {
        Apply(new Input.Tick(), now);
        Expire(now);
    }

    /// <summary>Changes lanes, pauses or drains.</summary>
    public void Change(Input input, DateTimeOffset now)
    {
        if (input is Input.PauseLane pause && _scheduler.Lanes().All(lane => lane.Name != pause.Lane))
            throw new LetterException(LetterFault.UnknownLane);
        Apply(input, now);
    }

    private (Refusal? Refusal, ImmutableArray<AcceptedTask> Accepted) Apply(Input input, DateTimeOffset now)
    {
        Refusal? refusal = null;
        List<Effect.Accept>? accepts = null;
        List<TaskRecord>? ended = null;
        foreach (var effect in _scheduler.Apply(input, now))
        {
            switch (effect)
            {
                case Effect.Refuse refuse:
                    refusal = refuse.Refusal;
                    break;
                case Effect.Accept accept:
                    (accepts ??= []).Add(accept);
                    Enter(accept);
                    break;
                case Effect.Moved moved:
                    if (Note(moved, now) is { } final)
                        (ended ??= []).Add(final);
                    // A task that started or ended is pending no longer.
                    if (GroupOf(_records[moved.Task]) is { Parked.Count: > 0 } group)
                        _roomier.Add(group);
                    break;
                case Effect.StartAttempt start:
                    _counts.Started++;
                    Starts.Add(OrderFor(start));
                    break;
                case Effect.StopAttempt stop:
                    Stops.Add((stop.Token, stop.Force));
                    break;
                case Effect.RejectStaleEnd:
                    _counts.StaleEnds++;
                    break;
                case Effect.Remove remove:
                    Leave(remove.Task);
                    break;
                case Effect.Remember remember:
                    Batch.Jobs.Add(remember.Job);
                    break;
                case Effect.Forget forget:
                    Batch.ForgottenJobs.Add((forget.Group, forget.Job));
                    break;
                case Effect.WakeAt wake:
                    _schedulerWake = wake.Time;
                    break;
                default:
                    throw new UnreachableException($"No rule for the effect {effect.GetType().Name}.");
            }
        }

        // How they stand is noted now: what comes next may already take one of them away.
        ImmutableArray<AcceptedTask> accepted = accepts is null ? [] : [.. accepts.Select(Describe)];
        // The effects are valid until the next input, so what an end brings about comes after all of them.
        if (ended is not null)
            Settle(ended, now);
        TakeParked(now);
        return (refusal, accepted);
    }

    private AcceptedTask Describe(Effect.Accept accept) =>
        new(accept.Task, _records[accept.Task].State, accept.Deduplicated);

    private void Enter(Effect.Accept accept)
    {
        var record = _records[accept.Submitted];
        if (accept.Deduplicated)
        {
            _records.Remove(accept.Submitted);
            return;
        }

        _counts.Accepted++;
        Add(record);
        Batch.Touch(record, PendingWrite.Insert);
    }

    private void Add(TaskRecord record)
    {
        GroupOf(record).Add(record);
        _routines[record.Order.Routine] = _routines.GetValueOrDefault(record.Order.Routine) + 1;
    }

    private void Leave(TaskId task)
    {
        if (!_records.Remove(task, out var record))
            return;
        Uncache(record);
        GroupOf(record).Remove(task);
        if (--_routines[record.Order.Routine] == 0)
            _routines.Remove(record.Order.Routine);
        Batch.Touch(record, PendingWrite.Delete);
    }

    /// <returns>The record if it became final.</returns>
    private TaskRecord? Note(Effect.Moved moved, DateTimeOffset now)
    {
        var record = _records[moved.Task];
        if (moved.State is TaskState.Running && record.State is not TaskState.Running)
            record.Started = now;
        record.State = moved.State;
        if (moved.State is TaskState.Skipped { Reason: SkipReason.Dependency } skipped)
            record.Message = skipped.Chain;
        if (moved.State.IsFinal)
            record.Finished = now;

        Batch.Touch(
            record,
            moved.State is TaskState.Ready or TaskState.Running ? PendingWrite.Start : PendingWrite.State
        );
        Number(
            record,
            new TaskEvent.State(moved.Task, record.Spec.Group, record.Spec.Job, now, moved.State, record.Message)
        );
        return moved.State.IsFinal ? record : null;
    }

    private void Settle(List<TaskRecord> ended, DateTimeOffset now)
    {
        foreach (var record in ended)
        {
            Count(record.State);
            Keep(record);
            // Final once and for all: nobody waits for it any more, whatever else those wait for.
            if (_waiters.Remove(record.Spec.Id, out var waiters))
                LateAnswers.AddRange(waiters.Where(waiter => waiter.Note(record.Spec.Id)));
            ReleaseWhatItNeeded(record, now);
        }
    }

    /// <summary>Takes submissions that waited for room, in those groups that may have some.</summary>
    private void TakeParked(DateTimeOffset now)
    {
        // What is taken may start or end at once and so make room: the one who began goes on, however many there are.
        if (_takesParked)
            return;
        _takesParked = true;
        while (_roomier.Count > 0)
        {
            var group = _roomier.First();
            _roomier.Remove(group);
            while (group.Parked.First is { Value: var letter } && letter.TakeFromLine(this, now))
            {
                group.Parked.RemoveFirst();
                LateAnswers.Add(letter);
            }
        }

        _takesParked = false;
    }

    private void Count(TaskState state)
    {
        switch (state)
        {
            case TaskState.Done:
                _counts.Done++;
                break;
            case TaskState.Failed:
                _counts.Failed++;
                break;
            case TaskState.Skipped:
                _counts.Skipped++;
                break;
            case TaskState.Stopped:
                _counts.Stopped++;
                break;
        }
    }

    private void Number(TaskRecord record, TaskEvent happened)
    {
        var group = GroupOf(record);
        Events.Add((group, group.Number(happened)));
        Batch.Sequences[group.Name] = group.Sequence;
    }

    private LedgerGroup GroupOf(TaskRecord record) => GroupFor(record.Spec.Group);

    private LedgerGroup GroupFor(GroupName name) =>
        _groups.TryGetValue(name, out var group)
            ? group
            : _groups[name] = new LedgerGroup(name, 0, _options.EventsPerGroup);
}
