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
    private readonly EngineCounts _counts = new();
    private long _nextTaskId = 1;
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
        foreach (var record in lost)
        {
            var running = (TaskState.Running)record.State;
            End(
                record.Spec.Id,
                running.Token,
                new AttemptEnd(new AttemptOutcome.Failed(FailureReason.Lost))
                {
                    Message = "The daemon ended while this attempt was running; how far it came is not known.",
                },
                WorkLogTail.Empty,
                now
            );
        }
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

        var (refusal, answers) = Apply(new Input.Submit(taken, strict), now);
        if (refusal is not null)
        {
            foreach (var spec in taken)
                _records.Remove(spec.Id);
            _counts.Refused++;
            return new SubmitOutcome.Refused(refusal);
        }

        _nextTaskId = first + taken.Length;
        Batch.NextTaskId = _nextTaskId;
        return new SubmitOutcome.Accepted([
            .. answers.Select(accept => new AcceptedTask(
                accept.Task,
                _records[accept.Task].State,
                accept.Deduplicated
            )),
        ]);
    }

    /// <summary>Keeps a submission until its group's queue has room.</summary>
    public void Park(SubmitLetter letter) => GroupFor(letter.Group).Parked.Enqueue(letter);

    /// <summary>An attempt ended. A late end of an earlier attempt changes nothing.</summary>
    public void End(TaskId task, AttemptToken token, AttemptEnd end, WorkLogTail log, DateTimeOffset now)
    {
        if (
            !_records.TryGetValue(task, out var record)
            || record.State is not TaskState.Running running
            || running.Token != token
        )
        {
            _counts.StaleEnds++;
            return;
        }

        record.Message = end.Message ?? record.Message;
        record.ExitCode = end.ExitCode;
        record.Usage = end.Usage;
        if (end.Outcome is AttemptOutcome.Failed { Reason: FailureReason.Lost })
            record.LostAttempts++;
        if (end.Outcome is AttemptOutcome.Succeeded && record.Progress is not null)
            record.Progress = 1;
        AddWorkLog(record, log);

        Apply(new Input.AttemptEnded(task, token, end.Outcome, _draw()), now);
        if (record.State.IsFinal && !end.Data.IsEmpty && record.Order.Keep != KeepRule.None)
        {
            record.Data = end.Data;
            Batch.Touch(record, PendingWrite.Data);
            Cache(record);
        }
    }

    /// <summary>A running attempt says how far it is.</summary>
    public void Report(TaskId task, AttemptToken token, IReportSource source, DateTimeOffset now)
    {
        var (progress, message) = source.Take();
        if (Running(task, token) is not { } record)
            return;
        record.Progress = progress;
        record.Message = message ?? record.Message;
        var group = GroupOf(record);
        if (group.Subscriptions.Count > 0)
            Events.Add((group, new TaskEvent.Report(task, record.Spec.Job, now, progress, message)));
    }

    /// <summary>A running attempt leaves named data.</summary>
    public void Post(TaskId task, AttemptToken token, string name, byte[] data, DateTimeOffset now)
    {
        if (Running(task, token) is not { } record)
            return;
        record.HasPosted = true;
        Batch.Posted.Add((task, name, data));
        Number(record, new TaskEvent.Posted(task, record.Spec.Job, now, name, data));
    }

    /// <summary>Time has passed.</summary>
    public void Tick(DateTimeOffset now)
    {
        Apply(new Input.Tick(), now);
        Expire(now);
    }

    /// <summary>Stops a task. Twice, or too late, is no error.</summary>
    public StopOutcome Stop(TaskReference reference, StopReason reason, bool force, DateTimeOffset now)
    {
        var record = Find(reference);
        Apply(new Input.Stop(record.Spec.Id, reason, force), now);
        return new StopOutcome(record.Spec.Id, record.State);
    }

    /// <summary>Ends every running attempt at once.</summary>
    /// <returns>How many.</returns>
    public int KillAll(GroupName? group, DateTimeOffset now)
    {
        var running = _scheduler
            .Lanes()
            .SelectMany(lane => lane.Running)
            .Where(task => group is null || _records[task].Spec.Group == group)
            .ToList();
        foreach (var task in running)
            Apply(new Input.Stop(task, StopReason.Kill, Force: true), now);
        return running.Count;
    }

    /// <summary>Asks every running attempt to stop because the daemon does; their ends count as lost.</summary>
    public void StopForShutdown(bool force)
    {
        foreach (var task in _scheduler.Lanes().SelectMany(lane => lane.Running))
        {
            if (_records[task].State is TaskState.Running running)
                Stops.Add((running.Token, force));
        }
    }

    /// <summary>Changes lanes, pauses or drains.</summary>
    public void Change(Input input, DateTimeOffset now)
    {
        if (input is Input.PauseLane pause && _scheduler.Lanes().All(lane => lane.Name != pause.Lane))
            throw new LetterException(LetterFault.UnknownLane);
        Apply(input, now);
    }

    private (Refusal? Refusal, IReadOnlyList<Effect.Accept> Accepts) Apply(Input input, DateTimeOffset now)
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

        // The effects are valid until the next input, so what an end brings about comes after all of them.
        if (ended is not null)
            Settle(ended, now);
        return (refusal, accepts ?? []);
    }

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

        Batch.Touch(record, PendingWrite.State);
        Number(record, new TaskEvent.State(moved.Task, record.Spec.Job, now, moved.State, record.Message));
        return moved.State.IsFinal ? record : null;
    }

    private void Settle(List<TaskRecord> ended, DateTimeOffset now)
    {
        foreach (var record in ended)
        {
            Count(record.State);
            Keep(record);
            if (_waiters.TryGetValue(record.Spec.Id, out var waiters))
                LateAnswers.AddRange(waiters.ToArray().Where(waiter => waiter.Note(record.Spec.Id)));
            ReleaseWhatItNeeded(record, now);
        }

        foreach (var group in ended.Select(GroupOf).Distinct().ToList())
            TakeParked(group, now);
    }

    private void TakeParked(LedgerGroup group, DateTimeOffset now)
    {
        for (var left = group.Parked.Count; left > 0; left--)
        {
            var letter = group.Parked.Dequeue();
            letter.Take(this, now);
            if (letter.IsSettled)
                LateAnswers.Add(letter);
            else if (group.Parked.Count > 0 && ReferenceEquals(group.Parked.Last(), letter))
                break;
        }
    }

    private AttemptOrder OrderFor(Effect.StartAttempt start)
    {
        var record = _records[start.Task];
        return new AttemptOrder(
            record.Spec,
            record.Order,
            start.Token,
            start.Attempt,
            record.WorkLogLength,
            DependenciesOf(record)
        );
    }

    private IReadOnlyDictionary<string, DependencyResult> DependenciesOf(TaskRecord record)
    {
        if (record.Spec.WaitFor.IsEmpty)
            return NoDependencies;
        var results = new Dictionary<string, DependencyResult>(record.Spec.WaitFor.Length);
        foreach (var dependency in record.Spec.WaitFor)
        {
            if (
                _scheduler.TaskOf(record.Spec.Group, dependency.Job) is { } task
                && _records.TryGetValue(task, out var other)
                && OutcomeOf(other.State) is { } outcome
            )
            {
                results[dependency.Job.Value] = new DependencyResult(task, outcome, DataOf(other), PostedBy(other));
            }
        }

        return results;
    }

    private static readonly IReadOnlyDictionary<string, DependencyResult> NoDependencies =
        new Dictionary<string, DependencyResult>();

    private static TaskOutcome? OutcomeOf(TaskState state) =>
        state switch
        {
            TaskState.Done => TaskOutcome.Done,
            TaskState.Failed => TaskOutcome.Failed,
            TaskState.Skipped => TaskOutcome.Skipped,
            TaskState.Stopped => TaskOutcome.Stopped,
            _ => null,
        };

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

    private TaskRecord? Running(TaskId task, AttemptToken token) =>
        _records.TryGetValue(task, out var record)
        && record.State is TaskState.Running running
        && running.Token == token
            ? record
            : null;

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
