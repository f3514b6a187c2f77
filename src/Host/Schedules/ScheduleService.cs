using AptTask.Host.Configuration;

namespace AptTask.Host.Schedules;

/// <summary>
/// Submits the entries of the calendar when they are due. It submits and nothing more: rights, queues and results are those of
/// any other submission. Does not look at the clock again and again: each schedule sleeps until its next instant.
/// </summary>
/// <param name="entries">The schedules.</param>
/// <param name="submit">
/// Submits one run. A run may be submitted a second time when the daemon died between the submission and the memory of it, so
/// the job id has to be made of the schedule's name and the due instant.
/// </param>
/// <param name="memory">How far each schedule has come.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of refused and missed runs.</param>
internal sealed partial class ScheduleService(
    IReadOnlyList<ScheduleEntry> entries,
    Func<ScheduleEntry, DateTimeOffset, CancellationToken, Task> submit,
    IScheduleMemory memory,
    TimeProvider time,
    ILogger<ScheduleService> logger
) : BackgroundService
{
    // A timer counts elapsed time and a calendar follows the clock that people set and that a sleeping machine does not stop.
    // The two are brought together at least this often. Timers also end at 49 days.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);

    // A run that comes later than this was missed: the clock was set forward or the machine slept.
    private static readonly TimeSpan OnTime = TimeSpan.FromMinutes(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(entries.Select(entry => FollowAsync(entry, stoppingToken)));

    private async Task FollowAsync(ScheduleEntry entry, CancellationToken stop)
    {
        var calendar = new Calendar(entry);
        var seen = await BeginAsync(entry, stop);
        while (true)
        {
            var now = time.GetUtcNow();
            if (calendar.LastBetween(seen, now) is { } due)
            {
                if (entry.Missed == MissedRuns.Once || now - due <= OnTime)
                    await RunAsync(entry, due, stop);
                else
                    LogMissed(entry.Name, due);
                seen = due;
            }

            if (calendar.After(now) is not { } next)
            {
                LogOver(entry.Name);
                return;
            }

            var sleep = next - time.GetUtcNow();
            if (sleep > TimeSpan.Zero)
                await Task.Delay(sleep < LongestSleep ? sleep : LongestSleep, time, stop);
        }
    }

    /// <summary>From when on runs are due. What is new has missed nothing, and who skips does not look back.</summary>
    private async Task<DateTimeOffset> BeginAsync(ScheduleEntry entry, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (entry.Missed == MissedRuns.Skip)
            return now;
        if (await memory.RecallAsync(entry.Name, stop) is { } remembered)
            return remembered;
        await memory.RememberAsync(entry.Name, now, stop);
        return now;
    }

    private async Task RunAsync(ScheduleEntry entry, DateTimeOffset due, CancellationToken stop)
    {
        try
        {
            await submit(entry, due, stop);
            if (entry.Missed == MissedRuns.Once)
                await memory.RememberAsync(entry.Name, due, stop);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            // One refused run must not end the schedule; the next is due as if nothing had happened.
            LogRefused(exception, entry.Name, due);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The run of schedule {Schedule} due {Due} was not submitted.")]
    private partial void LogRefused(Exception exception, string schedule, DateTimeOffset due);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The run of schedule {Schedule} due {Due} was missed and is skipped."
    )]
    private partial void LogMissed(string schedule, DateTimeOffset due);

    [LoggerMessage(Level = LogLevel.Information, Message = "Schedule {Schedule} has no further runs.")]
    private partial void LogOver(string schedule);
}
