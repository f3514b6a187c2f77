namespace AptTask.Host.Schedules;

/// <summary>Remembers over restarts how far each schedule has come.</summary>
internal interface IScheduleMemory
{
    /// <summary>What was remembered last for a schedule; null if it is new.</summary>
    Task<DateTimeOffset?> RecallAsync(string schedule, CancellationToken cancellationToken);

    /// <summary>Everything up to this instant has been seen to. When it returns, it is remembered after a crash too.</summary>
    Task RememberAsync(string schedule, DateTimeOffset due, CancellationToken cancellationToken);
}
