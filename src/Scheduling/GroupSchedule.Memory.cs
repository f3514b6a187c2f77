namespace AptTask.Scheduling;

/// <content>What stays of a job when its task is gone, and what a new life begins with.</content>
internal sealed partial class GroupSchedule
{
    /// <summary>Lets go of a final task. Its names are remembered with its outcome, unless a newer task has them.</summary>
    public void Release(TaskNode task)
    {
        _kept--;
        _turn.Effects.Add(new Effect.Remove(task.Spec.Id));
        if (task.Job is { } job)
            Remember(job, task);
        if (!_aliases.Remove(task, out var aliases))
            return;
        foreach (var alias in aliases)
            Remember(alias, task);
    }

    /// <summary>The memory of a job fades, if nobody waits for the job any more.</summary>
    public void Fade(JobNode job)
    {
        // A task whose other dependencies are still open would wait for this one for ever after a restart. The last of them brings the
        // appointment back.
        if (job.Wanted > 0)
            return;
        ForgetRecord(job);
        _jobs.Remove(job.Name);
    }

    /// <summary>Restores a task; its state is entered by <see cref="RestoreState"/> when all tasks and jobs are here.</summary>
    public TaskNode RestoreTask(RestoredTask restored)
    {
        var task = new TaskNode(restored.Spec, this) { LostAttempts = restored.LostAttempts };
        if (restored.Spec.Job is { } name)
        {
            task.Job = FindOrAddJob(name);
            // Tasks come by age: the newest use of a name is the one that counts.
            task.Job.Task = task;
        }

        if (restored.State.IsFinal)
        {
            task.State = restored.State;
            _kept++;
        }
        else
        {
            PlaceOf(task).Lane.Unfinished++;
            if (restored.Spec.Unique is { } unique)
                _unique[unique] = task;
            if (restored.Spec.Deadline is { } deadline)
                _turn.Agenda.Add(deadline, DueKind.Deadline, task);
        }

        return task;
    }

    /// <summary>Restores an alias or the memory of an outcome.</summary>
    /// <param name="record">What the store remembers.</param>
    /// <param name="task">The task that it speaks of, if that is here.</param>
    public void RestoreJob(JobRecord record, TaskNode? task)
    {
        var job = FindOrAddJob(record.Job);
        if (job.Task is { } newest && newest.Spec.Id.Value >= record.Task.Value)
            return;
        if (record.Outcome is not null && record.Until is not null)
        {
            job.Record = record;
            _turn.Agenda.AddMemory(job, record);
        }
        else if (task is not null)
        {
            EnterAlias(job, task);
        }
        else
        {
            _turn.Effects.Add(new Effect.Forget(Name, record.Job));
            DropIfUnused(job);
        }
    }

    /// <summary>Enters the dependencies of an unfinished restored task. After all tasks and jobs, before all states.</summary>
    /// <returns>
    /// The state to enter: a waiting task counts its open dependencies anew. Where a name was taken by a newer task after it had decided one of
    /// them, the newer one counts now: the store keeps no decisions, only outcomes.
    /// </returns>
    public (TaskState State, Dependency? Impossible) RestoreDependencies(TaskNode task, TaskState state)
    {
        var (open, impossible) = StartWaiting(task, mayBeOpen: state is TaskState.Waiting);
        return state is TaskState.Waiting ? (SharedStates.Waiting(open), impossible) : (state, null);
    }

    /// <summary>Enters the state of an unfinished restored task. It is no move: the store knows it.</summary>
    public void RestoreState(TaskNode task, TaskState state, DateTimeOffset? started)
    {
        task.State = state;
        Enter(task, state, PlaceOf(task));
        if (state is not TaskState.Running || started is not { } since || task.TimeoutAt == 0)
            return;
        _turn.Agenda.Remove(Instant(task.TimeoutAt), DueKind.Timeout, task);
        ExpectTimeout(task, since);
    }

    /// <summary>A restored waiting task goes on, if what it waited for has been decided.</summary>
    public void Reconsider(TaskNode task, Dependency? impossible)
    {
        if (impossible is { } dependency)
            Skip(task, dependency.Job, TaskOf(dependency.Job)?.State);
        else if (task.State is TaskState.Waiting { OpenDependencies: 0 } && IsDue(task))
            Move(task, SharedStates.Ready(1));
    }

    private void Remember(JobNode job, TaskNode task)
    {
        if (job.Task != task)
            return;
        job.Task = null;
        job.Record = new JobRecord(
            Name,
            new JobId(job.Name),
            task.Spec.Id,
            Verdicts.OutcomeOf(task.State),
            After(_turn.Now, _turn.Options.Remember)
        );
        _turn.Agenda.AddMemory(job, job.Record);
        _turn.Effects.Add(new Effect.Remember(job.Record));
    }

    private void ForgetRecord(JobNode job)
    {
        if (job.Record is not { } record)
            return;
        _turn.Agenda.RemoveMemory(job, record);
        job.Record = null;
        _turn.Effects.Add(new Effect.Forget(Name, new JobId(job.Name)));
    }

    private void DropIfUnused(JobNode job)
    {
        if (job.IsUnused)
            _jobs.Remove(job.Name);
    }
}
