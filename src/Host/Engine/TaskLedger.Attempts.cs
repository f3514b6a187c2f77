using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <content>What attempts are given, what they tell while they run, how they end and are stopped.</content>
internal sealed partial class TaskLedger
{
    private static readonly IReadOnlyDictionary<string, DependencyResult> NoDependencies =
        new Dictionary<string, DependencyResult>();

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
        // Before the end is applied: dependants that start with it are given what it left.
        if (!end.Data.IsEmpty && record.Order.Keep != KeepRule.None)
            Cache(record, end.Data);

        Batch.Touch(record, PendingWrite.State);
        Apply(new Input.AttemptEnded(task, token, end.Outcome, _draw()), now);
        if (!record.State.IsFinal)
            Uncache(record);
        else if (record.Data is not null)
            Batch.Touch(record, PendingWrite.Data);
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
            Events.Add((group, new TaskEvent.Report(task, record.Spec.Group, record.Spec.Job, now, progress, message)));
    }

    /// <summary>A running attempt leaves named data.</summary>
    public void Post(TaskId task, AttemptToken token, string name, byte[] data, DateTimeOffset now)
    {
        if (Running(task, token) is not { } record)
            return;
        if (record.Order.Keep != KeepRule.None)
        {
            record.HasPosted = true;
            Batch.Posted.Add((task, name, data));
        }

        Number(record, new TaskEvent.Posted(task, record.Spec.Group, record.Spec.Job, now, name, data));
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

    private static TaskOutcome? OutcomeOf(TaskState state) =>
        state switch
        {
            TaskState.Done => TaskOutcome.Done,
            TaskState.Failed => TaskOutcome.Failed,
            TaskState.Skipped => TaskOutcome.Skipped,
            TaskState.Stopped => TaskOutcome.Stopped,
            _ => null,
        };

    private TaskRecord? Running(TaskId task, AttemptToken token) =>
        _records.TryGetValue(task, out var record)
        && record.State is TaskState.Running running
        && running.Token == token
            ? record
            : null;

    private void LoseAll(List<TaskRecord> running, DateTimeOffset now)
    {
        foreach (var record in running)
        {
            End(
                record.Spec.Id,
                ((TaskState.Running)record.State).Token,
                new AttemptEnd(new AttemptOutcome.Failed(FailureReason.Lost))
                {
                    Message = "The daemon ended while this attempt was running; how far it came is not known.",
                },
                WorkLogTail.Empty,
                now
            );
        }
    }
}
