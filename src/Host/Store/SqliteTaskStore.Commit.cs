using AptTask.Host.Engine;
using AptTask.Scheduling;

namespace AptTask.Host.Store;

/// <content>Writing a batch: one transaction, whatever is in it.</content>
internal sealed partial class SqliteTaskStore
{
    /// <inheritdoc/>
    public void Commit(StoreBatch batch)
    {
        _statements.Begin.Run();
        try
        {
            // First the right to write at all: an owner that has been replaced must not change a single row.
            foreach (var (group, sequence) in batch.Sequences)
                WriteSequence(group, sequence);
            foreach (var task in batch.Tasks)
                Write(task);
            foreach (var (task, content) in batch.WorkLogs)
                _statements.WriteWorkLog.Run(task.Value, content.ToArray());
            foreach (var (task, name, data) in batch.Posted)
                _statements.WritePosted.Run(task.Value, name, data);
            foreach (var job in batch.Jobs)
            {
                _statements.WriteJob.Run(
                    job.Group.Value,
                    job.Job.Value,
                    job.Task.Value,
                    job.Outcome is { } outcome ? (int)outcome : null,
                    Ticks(job.Until)
                );
            }

            foreach (var (group, job) in batch.ForgottenJobs)
                _statements.DeleteJob.Run(group.Value, job.Value);
            foreach (var (schedule, lastRun) in batch.Schedules)
                _statements.WriteSchedule.Run(schedule, lastRun.UtcTicks);
            if (batch.NextTaskId is { } next)
                _statements.WriteMeta.Run(next, "next_taskid");
            _statements.Commit.Run();
        }
        catch
        {
            // What is half written must not be seen by whoever reads next; the engine stops on the exception.
            _statements.Rollback.Run();
            throw;
        }
    }

    private void WriteSequence(GroupName group, long sequence)
    {
        if (_statements.WriteGroup.Run(group.Value, Epoch, sequence) == 1)
            return;
        throw new StaleOwnerException(
            $"The group {group} has been taken over by another daemon since epoch {Epoch}; this one must not write it."
        );
    }

    private void Write(TaskRecord task)
    {
        var pending = task.Pending;
        if (pending.HasFlag(PendingWrite.Delete))
        {
            // Came and went within one batch: there is nothing of it in the store.
            if (!pending.HasFlag(PendingWrite.Insert))
                Delete(task);
            return;
        }

        var state = StateCode.Of(task.State);
        if (pending.HasFlag(PendingWrite.Insert))
            Insert(task, state);
        else
            Update(task, state, withData: pending.HasFlag(PendingWrite.Data));
    }

    private void Insert(TaskRecord task, StateCode state) =>
        _statements.InsertTask.Run(
            task.Spec.Id.Value,
            task.Spec.Group.Value,
            state.State,
            state.Reason,
            state.Attempt,
            state.Token,
            Ticks(state.Due),
            state.Chain,
            task.LostAttempts,
            task.Acknowledged,
            task.Created.UtcTicks,
            Ticks(task.Started),
            Ticks(task.Finished),
            Ticks(task.Fetched),
            task.Progress,
            task.Message,
            task.ExitCode,
            task.WorkLogLength,
            task.Usage?.CpuSeconds,
            task.Usage?.PeakMemoryBytes,
            task.Usage?.OutputBytes,
            task.Order.Routine,
            task.Order.Key,
            (int)task.Order.Role,
            (int)task.Order.Keep,
            SpecCode.Write(task.Spec),
            task.Order.Arguments,
            task.Data is { IsEmpty: false } data ? data.ToArray() : null
        );

    private void Update(TaskRecord task, StateCode state, bool withData)
    {
        if (task.State is TaskState.Running or TaskState.Ready)
        {
            // The commonest move changes five columns; the others are as they were.
            _statements.UpdateStart.Run(
                task.Spec.Id.Value,
                state.State,
                state.Reason,
                state.Attempt,
                state.Token,
                task.LostAttempts,
                Ticks(task.Started),
                task.WorkLogLength
            );
            return;
        }

        object?[] values =
        [
            task.Spec.Id.Value,
            state.State,
            state.Reason,
            state.Attempt,
            state.Token,
            Ticks(state.Due),
            state.Chain,
            task.LostAttempts,
            task.Acknowledged,
            Ticks(task.Started),
            Ticks(task.Finished),
            Ticks(task.Fetched),
            task.Progress,
            task.Message,
            task.ExitCode,
            task.WorkLogLength,
            task.Usage?.CpuSeconds,
            task.Usage?.PeakMemoryBytes,
            task.Usage?.OutputBytes,
        ];
        if (withData)
            _statements.UpdateEnd.Run([.. values, task.Data is { IsEmpty: false } data ? data.ToArray() : null]);
        else
            _statements.UpdateState.Run(values);
    }

    private void Delete(TaskRecord task)
    {
        _statements.DeleteTask.Run(task.Spec.Id.Value);
        if (task.HasPosted)
            _statements.DeletePosted.Run(task.Spec.Id.Value);
        if (task.WorkLogLength > 0)
            _statements.DeleteWorkLog.Run(task.Spec.Id.Value);
    }

    private static long? Ticks(DateTimeOffset? instant) => instant?.UtcTicks;
}
