using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>What the runner of an attempt tells the engine. Any thread; returns when the engine has room for it.</summary>
internal interface IAttemptEvents
{
    /// <summary>The attempt is over and nothing of it is left running.</summary>
    ValueTask EndedAsync(TaskId task, AttemptToken token, AttemptEnd end, WorkLogTail log);

    /// <summary>It has something to say of how far it is. Told once until the engine has taken it.</summary>
    void Reported(TaskId task, AttemptToken token, IReportSource source);

    /// <summary>It left named data.</summary>
    ValueTask PostedAsync(TaskId task, AttemptToken token, string name, byte[] data);
}
