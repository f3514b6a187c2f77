using System.Collections.Concurrent;

namespace AptTask.Host.Output;

/// <summary>The worklogs of running attempts, by attempt, for those who follow. A worklog is made when something is first written.</summary>
internal sealed class LiveWorkLogs(long limit, TimeProvider time)
{
    private readonly ConcurrentDictionary<long, WorkLog> _logs = new();

    /// <summary>The worklog of a running attempt, or null while nothing was written.</summary>
    public WorkLog? Find(long attempt) => _logs.GetValueOrDefault(attempt);

    /// <summary>The worklog of a running attempt; made if it is not there.</summary>
    /// <param name="attempt">Its token: a later attempt of the task has a worklog of its own.</param>
    /// <param name="start">Where the worklog of earlier attempts ended.</param>
    public WorkLog Open(long attempt, long start) => _logs.GetOrAdd(attempt, _ => new WorkLog(limit, start, time));

    /// <summary>The attempt has ended and its worklog is on its way to the store.</summary>
    public void Close(long attempt)
    {
        if (_logs.TryRemove(attempt, out var log))
            log.Complete();
    }
}
