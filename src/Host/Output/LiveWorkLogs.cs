using System.Collections.Concurrent;

namespace AptTask.Host.Output;

/// <summary>The worklogs of running attempts, by task, for those who follow. A worklog is made when something is first written.</summary>
internal sealed class LiveWorkLogs(long limit, TimeProvider time)
{
    private readonly ConcurrentDictionary<long, WorkLog> _logs = new();

    /// <summary>The worklog of a running attempt, or null while nothing was written.</summary>
    public WorkLog? Find(long task) => _logs.GetValueOrDefault(task);

    /// <summary>The worklog of a running attempt; made if it is not there.</summary>
    /// <param name="task">Whose.</param>
    /// <param name="start">Where the worklog of earlier attempts ended.</param>
    public WorkLog Open(long task, long start) => _logs.GetOrAdd(task, _ => new WorkLog(limit, start, time));

    /// <summary>The attempt has ended and its worklog is on its way to the store.</summary>
    public void Close(long task)
    {
        if (_logs.TryRemove(task, out var log))
            log.Complete();
    }
}
