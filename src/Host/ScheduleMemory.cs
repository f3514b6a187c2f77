using AptTask.Host.Engine;
using AptTask.Host.Schedules;

namespace AptTask.Host;

/// <summary>Remembers the runs of schedules where the tasks are: the store, through the engine's loop.</summary>
internal sealed class ScheduleMemory(TaskEngine engine) : IScheduleMemory
{
    /// <inheritdoc/>
    public async Task<DateTimeOffset?> RecallAsync(string schedule, CancellationToken cancellationToken) =>
        await await engine.AskAsync((ledger, _) => ledger.ScheduleRun(schedule));

    /// <inheritdoc/>
    public async Task RememberAsync(string schedule, DateTimeOffset due, CancellationToken cancellationToken) =>
        await await engine.AskAsync((ledger, _) => ledger.NoteScheduleRun(schedule, due));
}
