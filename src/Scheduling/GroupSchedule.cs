using System.Diagnostics;

namespace AptTask.Scheduling;

/// <summary>
/// The tasks of one group: their jobs, dependencies and order. It never sees another group, and nothing in it assumes that other
/// groups are in the same process; which group gets a place is decided by the <see cref="LaneBoard"/>.
/// </summary>
internal sealed partial class GroupSchedule
{
    private readonly Turn _turn;
    private readonly GroupPlaces _places;

    // All of these repeat what the states of the tasks say, kept for a quick look. Only Move writes them.
    private readonly WaitingTasks _waiting = new();
    private readonly HashSet<TaskNode> _running = [];
    private readonly SortedSet<(long Due, long Id, TaskNode Task)> _backingOff = new(
        Comparer<(long Due, long Id, TaskNode Task)>.Create((x, y) => (x.Due, x.Id).CompareTo((y.Due, y.Id)))
    );
    private readonly Dictionary<string, TaskNode> _unique = [];
    private int _ready;
    private int _kept;

    // Names of jobs: of tasks, of open dependencies, of memory.
    private readonly Dictionary<string, JobNode> _jobs = [];
    private readonly Dictionary<TaskNode, List<JobNode>> _aliases = [];

    // Final tasks whose dependants are still to be decided. A queue and not a recursion: a chain can be a million long.
    private readonly Queue<TaskNode> _settling = [];

    private GroupLane? _lastPlace;

    public GroupSchedule(GroupName name, Turn turn)
    {
        Name = name;
        _turn = turn;
        _places = turn.Board.Enter(name);
    }

    public GroupName Name { get; }

    public int Pending => _waiting.Count + _ready + _backingOff.Count;

    public int Tasks => Pending + _running.Count + _kept;

    public bool IsEmpty => Tasks == 0 && _jobs.Count == 0;

    /// <summary>Leaves the board. Only when empty.</summary>
    public void Close() => _turn.Board.Leave(_places);

    /// <summary>Grants the next task of a lane its places.</summary>
    public void Start(TaskNode task, AttemptToken token)
    {
        if (task.State is not TaskState.Ready ready)
            throw new UnreachableException($"{task} is {task.State} and cannot be started.");
        Move(task, new TaskState.Running(ready.NextAttempt, token, Stopping: null));
        _turn.Effects.Add(new Effect.StartAttempt(task.Spec.Id, ready.NextAttempt, token));
    }

    /// <summary>
    /// The only place where a task changes from one state to another: it leaves the indexes of the old state, enters those of the
    /// new one, and the move is reported. Whoever adds an index adds it here.
    /// </summary>
    private void Move(TaskNode task, TaskState next)
    {
        var place = PlaceOf(task);
        if (task.State is { } last)
            Leave(task, last, place);
        task.State = next;
        Enter(task, next, place);
        _turn.Effects.Add(new Effect.Moved(task.Spec.Id, next));
    }

    private void Leave(TaskNode task, TaskState last, GroupLane place)
    {
        switch (last)
        {
            case TaskState.Waiting:
                _waiting.Remove(task);
                if (task.Spec.NotBefore is { } notBefore)
                    _turn.Agenda.Remove(notBefore, DueKind.NotBefore, task);
                break;
            case TaskState.Ready:
                _ready--;
                place.Lane.Ready--;
                QueueOf(task, place).Remove(task);
                _turn.Board.Refresh(place);
                break;
            case TaskState.Running:
                _running.Remove(task);
                _turn.Board.Free(place, _turn.Board.CapOf(task.Spec), task.Held);
                if (task.TimeoutAt != 0)
                    _turn.Agenda.Remove(Instant(task.TimeoutAt), DueKind.Timeout, task);
                break;
            case TaskState.BackingOff backingOff:
                _backingOff.Remove((backingOff.Due.UtcTicks, task.Spec.Id.Value, task));
                _turn.Agenda.Remove(backingOff.Due, DueKind.Retry, task);
                break;
            default:
                throw new UnreachableException($"{task} is {last}, which is final, and cannot move.");
        }
    }

    private void Enter(TaskNode task, TaskState next, GroupLane place)
    {
        switch (next)
        {
            case TaskState.Waiting:
                _waiting.Add(task);
                if (task.Spec.NotBefore is { } notBefore && notBefore > _turn.Now)
                    _turn.Agenda.Add(notBefore, DueKind.NotBefore, task);
                break;
            case TaskState.Ready:
                _ready++;
                place.Lane.Ready++;
                task.RankedAsWanted = IsNeeded(task);
                QueueOf(task, place).Add(task);
                _turn.Board.Refresh(place);
                break;
            case TaskState.Running:
                _running.Add(task);
                task.Held = (short)place.Lane.PlacesFor(task.Spec);
                task.Forced = false;
                _turn.Board.Take(place, _turn.Board.CapOf(task.Spec), task.Held);
                ExpectTimeout(task, _turn.Now);
                break;
            case TaskState.BackingOff backingOff:
                _backingOff.Add((backingOff.Due.UtcTicks, task.Spec.Id.Value, task));
                _turn.Agenda.Add(backingOff.Due, DueKind.Retry, task);
                break;
            default:
                Finish(task, place);
                break;
        }
    }

    private void Finish(TaskNode task, GroupLane place)
    {
        _kept++;
        place.Lane.Unfinished--;
        _turn.Board.DropIfGone(place.Lane);
        if (task.Spec.Deadline is { } deadline)
            _turn.Agenda.Remove(deadline, DueKind.Deadline, task);
        if (task.Spec.Unique is { } unique && _unique.GetValueOrDefault(unique) == task)
            _unique.Remove(unique);
        StopWaiting(task);
        _settling.Enqueue(task);
    }

    /// <summary>Changes what a state carries, not the state: no index depends on it.</summary>
    private static void Restate<T>(TaskNode task, T state)
        where T : TaskState
    {
        if (task.State is not T)
            throw new UnreachableException($"{task} is {task.State} and cannot become {state} without a move.");
        task.State = state;
    }

    private void ExpectTimeout(TaskNode task, DateTimeOffset started)
    {
        task.TimeoutAt = task.Spec.Timeout is { } timeout ? After(started, timeout).UtcTicks : 0;
        if (task.TimeoutAt != 0)
            _turn.Agenda.Add(Instant(task.TimeoutAt), DueKind.Timeout, task);
    }

    private GroupLane PlaceOf(TaskNode task)
    {
        // Most tasks of a group follow one another in the same lane.
        if (_lastPlace is { Lane.IsGone: false } last && last.Lane.Name == task.Spec.Lane)
            return last;
        foreach (var place in _places.Lanes)
        {
            if (place.Lane.Name == task.Spec.Lane)
                return _lastPlace = place;
        }

        return _lastPlace = LaneBoard.Join(_places, _turn.Board.FindOrKeep(task.Spec.Lane));
    }

    private ReadyQueue QueueOf(TaskNode task, GroupLane place)
    {
        var cap = _turn.Board.CapOf(task.Spec);
        foreach (var queue in place.Queues)
        {
            if (queue.Cap == cap)
                return queue;
        }

        var added = new ReadyQueue(place, cap);
        place.Queues.Add(added);
        return added;
    }

    /// <summary>Sorts the ready tasks into queues anew, after the set of capped names has changed.</summary>
    public void SortAnew()
    {
        foreach (var place in _places.Lanes)
        {
            var tasks = place.Queues.SelectMany(queue => queue.InOrder()).ToList();
            place.Queues.Clear();
            foreach (var task in tasks)
                QueueOf(task, place).Add(task);
        }
    }

    /// <summary>A task that is waited for, or no longer is, takes its new place in the order.</summary>
    private void RefreshRank(TaskNode task)
    {
        if (task.State is not TaskState.Ready || task.RankedAsWanted == IsNeeded(task))
            return;
        var place = PlaceOf(task);
        var queue = QueueOf(task, place);
        queue.Remove(task);
        task.RankedAsWanted = !task.RankedAsWanted;
        queue.Add(task);
        _turn.Board.Refresh(place);
    }

    private static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);

    /// <summary>An instant and a time later, at most the end of time: a client may ask for a time-out of ten thousand years.</summary>
    private static DateTimeOffset After(DateTimeOffset instant, TimeSpan time) =>
        time < DateTimeOffset.MaxValue - instant ? instant.ToUniversalTime() + time : DateTimeOffset.MaxValue;
}
