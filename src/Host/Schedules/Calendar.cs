using AptTask.Host.Configuration;
using Cronos;

namespace AptTask.Host.Schedules;

/// <summary>
/// The instants of one schedule. Pure: times are arguments. On the days when the clocks change a fixed time that does not exist
/// comes at the first instant after it, and one that exists twice comes once; an interval ("every 10 minutes") just goes on.
/// </summary>
internal sealed class Calendar
{
    private const int FieldsWithSeconds = 6;

    private readonly CronExpression _expression;
    private readonly TimeZoneInfo _zone;

    /// <exception cref="CronFormatException">The entry has no valid cron expression; the configuration refuses such entries.</exception>
    public Calendar(ScheduleEntry entry)
    {
        var fields = entry.Cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        _expression = CronExpression.Parse(
            entry.Cron,
            fields == FieldsWithSeconds ? CronFormat.IncludeSeconds : CronFormat.Standard
        );
        _zone = entry.TimeZone;
    }

    /// <summary>The first instant after this one; null if there is none.</summary>
    public DateTimeOffset? After(DateTimeOffset instant) => _expression.GetNextOccurrence(instant, _zone);

    /// <summary>The last instant that is later than <paramref name="after"/> and not later than <paramref name="until"/>.</summary>
    public DateTimeOffset? LastBetween(DateTimeOffset after, DateTimeOffset until)
    {
        // Looking back, Cronos names a time that the spring change leaves out by its last second before, looking forward by the
        // first instant after. So it is asked back only for where to begin looking forward.
        var begin = _expression.GetPreviousOccurrence(until, _zone, inclusive: true)?.AddTicks(-1) ?? after;
        DateTimeOffset? last = null;
        for (var next = After(begin > after ? begin : after); next <= until; next = After(next.Value))
            last = next;
        return last;
    }
}
