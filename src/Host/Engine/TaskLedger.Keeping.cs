using System.Collections.Immutable;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <content>How long results stay: in the store until they are acknowledged or have lingered, in memory while there is room.</content>
internal sealed partial class TaskLedger
{
    // When to look whether a kept result may go. An entry that has become wrong is passed over when its time comes.
    private readonly PriorityQueue<TaskId, DateTimeOffset> _expiries = new();
    private readonly Queue<TaskRecord> _cached = new();
    private readonly Dictionary<string, int> _routines = [];
    private long _cachedBytes;

    /// <summary>The result of a finished task; marks it as fetched.</summary>
    public TaskResult Result(TaskReference reference, DateTimeOffset now)
    {
        var record = Find(reference);
        if (!record.State.IsFinal)
            throw new LetterException(LetterFault.NotFinished);
        if (record.Fetched is null)
        {
            record.Fetched = now;
            Batch.Touch(record, PendingWrite.State);
            if (record.Order.Keep == KeepRule.Ack)
                _expiries.Enqueue(record.Spec.Id, now + _options.Linger);
        }

        return new TaskResult(
            TaskSnapshot.Of(record),
            DataOf(record),
            PostedBy(record),
            record.WorkLogLength > 0 ? WorkLogOf(record) : default,
            record.Usage
        );
    }

    /// <summary>The stored worklog of a task; empty when there is none (yet).</summary>
    public (TaskSnapshot Task, ReadOnlyMemory<byte> Content) WorkLog(TaskReference reference)
    {
        var record = Find(reference);
        return (TaskSnapshot.Of(record), record.WorkLogLength > 0 ? WorkLogOf(record) : default);
    }

    /// <summary>The owners have the results: they may go, as soon as no dependant needs them. Those that are gone are no error.</summary>
    /// <returns>Those that were acknowledged now.</returns>
    public ImmutableArray<TaskId> Acknowledge(ImmutableArray<TaskReference> references, DateTimeOffset now)
    {
        var records = references.Select(TryFind).OfType<TaskRecord>().Distinct().ToList();
        if (records.Count == 0 && references.Length == 1)
            throw new LetterException(LetterFault.NotFound);
        if (records.Exists(record => !record.State.IsFinal))
            throw new LetterException(LetterFault.NotFinished);
        foreach (var record in records)
        {
            record.Acknowledged = true;
            if (!_scheduler.IsNeeded(record.Spec.Id))
                Release(record, now);
            else
                Batch.Touch(record, PendingWrite.State);
        }

        return [.. records.Select(record => record.Spec.Id)];
    }

    /// <summary>When a schedule last ran; null if it never did.</summary>
    public DateTimeOffset? ScheduleRun(string schedule) => _store.ReadScheduleRun(schedule);

    /// <summary>A schedule has run.</summary>
    /// <returns>Always true: the answer is that it is written.</returns>
    public bool NoteScheduleRun(string schedule, DateTimeOffset due)
    {
        Batch.Schedules.Add((schedule, due));
        return true;
    }

    /// <summary>Drops kept results of a group that ended before an instant.</summary>
    /// <returns>How many.</returns>
    public int Forget(GroupName? group, DateTimeOffset before, DateTimeOffset now)
    {
        var old = _groups
            .Values.Where(candidate => group is null || candidate.Name == group)
            .SelectMany(candidate => candidate.From(0))
            .Where(record => record.State.IsFinal && record.Finished < before && !_scheduler.IsNeeded(record.Spec.Id))
            .ToList();
        old.ForEach(record => Release(record, now));
        return old.Count;
    }

    /// <summary>The batch is written: what is too much for memory may leave it.</summary>
    public void AfterCommit()
    {
        while (_cachedBytes > _options.CachedResultBytes && _cached.TryDequeue(out var oldest))
            Uncache(oldest);
    }

    private void Keep(TaskRecord record)
    {
        if (record.Order.Keep != KeepRule.Ack)
            _expiries.Enqueue(record.Spec.Id, (record.Finished ?? _since) + _options.Linger);
        else if (record.Fetched is { } fetched)
            _expiries.Enqueue(record.Spec.Id, fetched + _options.Linger);
    }

    private void Expire(DateTimeOffset now)
    {
        while (_expiries.TryPeek(out var task, out var due) && due <= now)
        {
            _expiries.Dequeue();
            if (!_records.TryGetValue(task, out var record) || !record.State.IsFinal)
                continue;
            if (_scheduler.IsNeeded(task))
                _expiries.Enqueue(task, now + _options.Linger);
            else
                Release(record, now);
        }
    }

    private void Release(TaskRecord record, DateTimeOffset now)
    {
        var group = GroupOf(record);
        Apply(new Input.Release(record.Spec.Id), now);
        // A kept result counts against the quota, so there may be room now.
        _roomier.Add(group);
        TakeParked(now);
    }

    private void ReleaseWhatItNeeded(TaskRecord dependant, DateTimeOffset now)
    {
        foreach (var dependency in dependant.Spec.WaitFor)
        {
            if (
                _scheduler.TaskOf(dependant.Spec.Group, dependency.Job) is { } task
                && _records.TryGetValue(task, out var record)
                && record is { Acknowledged: true, State.IsFinal: true }
                && !_scheduler.IsNeeded(task)
            )
            {
                Release(record, now);
            }
        }
    }

    private void AddWorkLog(TaskRecord record, WorkLogTail log)
    {
        if (log.Content.IsEmpty)
            return;
        var content = log.Content;
        if (record.WorkLogLength > 0)
        {
            var before = WorkLogOf(record);
            // Too much for one task: the newest attempt is what people look for.
            if (before.Length + content.Length <= _options.WorkLogBytes)
                content = (byte[])[.. before.Span, .. content.Span];
        }

        record.WorkLogLength = log.Length;
        if (record.Order.Keep != KeepRule.None)
            Batch.WorkLogs.Add((record.Spec.Id, content));
    }

    private void Cache(TaskRecord record, ReadOnlyMemory<byte> data)
    {
        record.Data = data;
        _cached.Enqueue(record);
        _cachedBytes += data.Length;
    }

    private void Uncache(TaskRecord record)
    {
        if (record.Data is not { } data)
            return;
        _cachedBytes -= data.Length;
        record.Data = null;
    }

    private ReadOnlyMemory<byte> DataOf(TaskRecord record) => record.Data ?? _store.ReadData(record.Spec.Id);

    private IReadOnlyList<(string Name, byte[] Data)> PostedBy(TaskRecord record)
    {
        if (!record.HasPosted)
            return [];
        // What this batch adds is not in the store yet; a name again replaces the data.
        var posted = _store.ReadPosted(record.Spec.Id).ToDictionary(entry => entry.Name, entry => entry.Data);
        foreach (var (task, name, data) in Batch.Posted)
        {
            if (task == record.Spec.Id)
                posted[name] = data;
        }

        return
        [
            .. posted.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value)),
        ];
    }

    private ReadOnlyMemory<byte> WorkLogOf(TaskRecord record)
    {
        for (var index = Batch.WorkLogs.Count - 1; index >= 0; index--)
        {
            if (Batch.WorkLogs[index].Task == record.Spec.Id)
                return Batch.WorkLogs[index].Content;
        }

        return _store.ReadWorkLog(record.Spec.Id);
    }
}
