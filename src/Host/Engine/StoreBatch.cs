using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>All changes of one batch, for one transaction. Filled by the loop, emptied after the commit, never shared.</summary>
internal sealed class StoreBatch
{
    /// <summary>Tasks with something to write, each once, as their <see cref="TaskRecord.Pending"/> says.</summary>
    public List<TaskRecord> Tasks { get; } = [];

    /// <summary>Worklogs by task.</summary>
    public List<(TaskId Task, ReadOnlyMemory<byte> Content)> WorkLogs { get; } = [];

    /// <summary>Posted data by task and name.</summary>
    public List<(TaskId Task, string Name, byte[] Data)> Posted { get; } = [];

    /// <summary>Job memories and aliases; a null outcome and null time is an alias.</summary>
    public List<JobRecord> Jobs { get; } = [];

    /// <summary>Job memories that faded.</summary>
    public List<(GroupName Group, JobId Job)> ForgottenJobs { get; } = [];

    /// <summary>The newest event number of each group that changed.</summary>
    public Dictionary<GroupName, long> Sequences { get; } = [];

    /// <summary>Last runs of schedules.</summary>
    public List<(string Schedule, DateTimeOffset LastRun)> Schedules { get; } = [];

    /// <summary>The first task id that was never given; null when none was given in this batch.</summary>
    public long? NextTaskId { get; set; }

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty =>
        Tasks.Count == 0
        && WorkLogs.Count == 0
        && Posted.Count == 0
        && Jobs.Count == 0
        && ForgottenJobs.Count == 0
        && Sequences.Count == 0
        && Schedules.Count == 0
        && NextTaskId is null;

    /// <summary>Notes that a task has something to write.</summary>
    public void Touch(TaskRecord task, PendingWrite what)
    {
        if (task.Pending == PendingWrite.None)
            Tasks.Add(task);
        task.Pending |= what;
    }

    /// <summary>Forgets everything: it has been written.</summary>
    public void Clear()
    {
        foreach (var task in Tasks)
            task.Pending = PendingWrite.None;
        Tasks.Clear();
        WorkLogs.Clear();
        Posted.Clear();
        Jobs.Clear();
        ForgottenJobs.Clear();
        Sequences.Clear();
        Schedules.Clear();
        NextTaskId = null;
    }
}
