using static AptTask.Scheduling.Scheduler;

namespace AptTask.Scheduling;

/// <content>Whether the indexes of the group say what the states of its tasks say.</content>
internal sealed partial class GroupSchedule
{
    private int _appointments;

    public void CheckInvariants(IReadOnlyList<TaskNode> tasks)
    {
        _appointments = 0;
        Demand(_settling.Count == 0, $"Group {Name} has final tasks whose dependants are undecided.");
        CheckStates(tasks);
        CheckJobs(tasks);
        foreach (var task in tasks)
            CheckAgenda(task);
        CheckQueues(tasks);
    }

    /// <summary>How many appointments the last check found to be due in future.</summary>
    public int CountAppointments() => _appointments;

    private void CheckStates(IReadOnlyList<TaskNode> tasks)
    {
        Demand(
            _waiting.InOrder().ToHashSet().SetEquals(tasks.Where(t => t.State is TaskState.Waiting))
                && _waiting.Count == tasks.Count(t => t.State is TaskState.Waiting),
            $"Group {Name}: waiting tasks"
        );
        Demand(_running.SetEquals(tasks.Where(t => t.State is TaskState.Running)), $"Group {Name}: running tasks");
        Demand(
            _backingOff
                .Select(entry => (entry.Task, entry.Due))
                .ToHashSet()
                .SetEquals(
                    from t in tasks
                    where t.State is TaskState.BackingOff
                    select (t, ((TaskState.BackingOff)t.State).Due.UtcTicks)
                ),
            $"Group {Name}: tasks that back off"
        );
        Demand(_ready == tasks.Count(t => t.State is TaskState.Ready), $"Group {Name}: number of ready tasks");
        Demand(_kept == tasks.Count(t => t.State.IsFinal), $"Group {Name}: number of kept tasks");
        Demand(
            _unique
                .Values.ToHashSet()
                .SetEquals(tasks.Where(t => t is { State.IsFinal: false, Spec.Unique: not null })),
            $"Group {Name}: unique keys"
        );
    }

    private void CheckJobs(IReadOnlyList<TaskNode> tasks)
    {
        var wanted = tasks
            .Where(t => !t.State.IsFinal)
            .SelectMany(t => t.Spec.WaitFor)
            .GroupBy(d => d.Job.Value)
            .ToDictionary(g => g.Key, g => g.Count());
        foreach (var job in _jobs.Values)
        {
            Demand(!job.IsUnused, $"Group {Name}: job {job.Name} is of no use and still there.");
            Demand(
                job.Wanted == wanted.GetValueOrDefault(job.Name),
                $"Group {Name}: job {job.Name} is wanted otherwise than it says."
            );
            Demand(job.Task is null || job.Record is null, $"Group {Name}: job {job.Name} has a task and a memory.");
            Demand(job.Links <= 2 * job.Wanted + 8, $"Group {Name}: job {job.Name} keeps too many dead links.");
            if (job.Record is { } record && (record.Until > _turn.Now || job.Wanted == 0))
                CountAppointment(_turn.Agenda.ContainsMemory(job, record), $"the memory of job {job.Name}");
        }

        Demand(wanted.Keys.All(_jobs.ContainsKey), $"Group {Name}: a job is waited for and not known.");
        var links = _jobs.Values.SelectMany(LinksOf).ToHashSet();
        foreach (var task in tasks)
        {
            var open = task.State is TaskState.Waiting waiting ? waiting.OpenDependencies : 0;
            if (task.State is TaskState.Waiting)
                Demand(task.Edges.Count(edge => edge.Open) == open, $"{task}: open dependencies");
            for (var i = 0; open > 0 && i < task.Edges.Length; i++)
            {
                Demand(links.Contains((task, i)) == task.Edges[i].Open, $"{task}: link of entry {i}");
                if (task.Edges[i].Open)
                    Demand(
                        task.Edges[i].Job.Task?.State is not { IsFinal: true },
                        $"{task}: entry {i} is open, its job is final."
                    );
            }

            if (task.Job is { } job)
                Demand(_jobs.GetValueOrDefault(job.Name) == job, $"{task}: its job is not known.");
        }

        Demand(
            _aliases.All(pair => tasks.Contains(pair.Key) && pair.Value.Count > 0),
            $"Group {Name}: aliases of nothing"
        );
    }

    private static IEnumerable<(TaskNode, int)> LinksOf(JobNode job)
    {
        var count = 0;
        var index = job.FirstIndex;
        for (var task = job.FirstWaiter; task is not null; count++)
        {
            var edge = task.Edges[index];
            Demand(count < job.Links, $"Job {job.Name}: more links than it says.");
            Demand(edge.Job == job, $"Job {job.Name}: a link of another job.");
            yield return (task, index);
            (task, index) = (edge.NextWaiter, edge.NextIndex);
        }

        Demand(count == job.Links, $"Job {job.Name}: fewer links than it says.");
    }

    private void CheckAgenda(TaskNode task)
    {
        var (agenda, spec) = (_turn.Agenda, task.Spec);
        if (spec.Deadline is { } deadline && !task.State.IsFinal && deadline > _turn.Now)
            CountAppointment(agenda.Contains(deadline, DueKind.Deadline, task), $"the deadline of {task}");
        if (spec.NotBefore is { } notBefore && task.State is TaskState.Waiting && notBefore > _turn.Now)
            CountAppointment(agenda.Contains(notBefore, DueKind.NotBefore, task), $"the beginning of {task}");
        if (task.State is TaskState.BackingOff backingOff)
            CountAppointment(agenda.Contains(backingOff.Due, DueKind.Retry, task), $"the retry of {task}");
        if (task.State is TaskState.Running && spec.Timeout is not null && task.TimeoutAt > _turn.Now.UtcTicks)
            CountAppointment(
                agenda.Contains(Instant(task.TimeoutAt), DueKind.Timeout, task),
                $"the time-out of {task}"
            );
    }

    private void CheckQueues(IReadOnlyList<TaskNode> tasks)
    {
        foreach (var task in tasks.Where(t => t.State is TaskState.Ready))
        {
            Demand(task.RankedAsWanted == IsNeeded(task), $"{task}: ranked as if it were waited for, or not.");
            Demand(QueueOf(task, PlaceOf(task)).Contains(task), $"{task}: not in its queue");
        }

        var queued = _places.Lanes.Sum(place => place.Ready);
        Demand(queued == _ready, $"Group {Name}: {queued} tasks in queues, {_ready} ready");
    }

    private void CountAppointment(bool exists, string what)
    {
        Demand(exists, $"Group {Name}: {what} is not on the agenda.");
        _appointments++;
    }
}
