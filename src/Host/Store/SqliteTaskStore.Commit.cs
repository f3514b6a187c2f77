using AptTask.Host.Engine;
using AptTask.Scheduling;
using static SQLitePCL.raw;

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
            CheckOwner();
            foreach (var (group, sequence) in batch.Sequences)
                WriteSequence(group, sequence);
            // Before the tasks: one that goes in this batch takes with it what this batch adds to it.
            foreach (var (task, content) in batch.WorkLogs)
                _statements.WriteWorkLog.Run(task.Value, content.ToArray());
            foreach (var (task, name, data) in batch.Posted)
                _statements.WritePosted.Run(task.Value, name, data);
            foreach (var task in batch.Tasks)
                Write(task);
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
            // What is half written must not be seen by whoever reads next; the engine stops on the exception. A full disk has
            // rolled back already.
            if (sqlite3_get_autocommit(_connection.Handle) == 0)
                _statements.Rollback.Run();
            throw;
        }
    }

    private void CheckOwner()
    {
        if (_statements.ReadMeta.Number("epoch") is var today && today != Epoch)
        {
            throw new StaleOwnerException(
                $"Another daemon has taken the database over: its epoch is {today}, this daemon's {Epoch}. Stop one of the two; this one must not write."
            );
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

        if (pending.HasFlag(PendingWrite.Insert))
            _statements.InsertTask.Run([.. ChangingOf(task), .. FixedOf(task), DataOf(task)]);
        else if (pending.HasFlag(PendingWrite.Data))
            _statements.UpdateEnd.Run([.. ChangingOf(task), DataOf(task)]);
        else if (pending.HasFlag(PendingWrite.State))
            _statements.UpdateState.Run(ChangingOf(task));
        else
            UpdateStart(task);
    }

    // The commonest move changes these columns; the others are as they were.
    private void UpdateStart(TaskRecord task)
    {
        var state = StateCode.Of(task.State);
        _statements.UpdateStart.Run(
            task.Spec.Id.Value,
            state.State,
            state.Reason,
            state.Attempt,
            state.Token,
            Ticks(task.Started)
        );
    }

    /// <summary>The columns that change, in the order of the statements; the first one is the key.</summary>
    private static object?[] ChangingOf(TaskRecord task)
    {
        var state = StateCode.Of(task.State);
        return
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
    }

    private static object?[] FixedOf(TaskRecord task) =>
        [
            task.Spec.Group.Value,
            task.Created.UtcTicks,
            task.Order.Routine,
            task.Order.Key,
            (int)task.Order.Role,
            (int)task.Order.Keep,
            SpecCode.Write(task.Spec),
            task.Order.Arguments,
        ];

    private static byte[]? DataOf(TaskRecord task) => task.Data is { IsEmpty: false } data ? data.ToArray() : null;

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
