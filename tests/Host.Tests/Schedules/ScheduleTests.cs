using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using AptTask.Host.Configuration;
using AptTask.Host.Schedules;
using Microsoft.Extensions.Logging.Abstractions;

namespace AptTask.Host.Tests.Schedules;

/// <summary>Schedules become submissions at the right instant, and missed ones by the rule.</summary>
public sealed class ScheduleTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SteppedTime _time = new(Utc(3, 1, 11, 30));
    private readonly Memory _memory = new();
    private readonly Channel<(string Name, DateTimeOffset Due)> _submitted = Channel.CreateUnbounded<(
        string,
        DateTimeOffset
    )>();
    private readonly List<ScheduleService> _services = [];
    private readonly HashSet<DateTimeOffset> _refused = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
        {
            await service.StopAsync(CancellationToken.None);
            service.Dispose();
        }
    }

    [Fact]
    public async Task A_schedule_submits_its_routine_when_it_is_due_and_not_before()
    {
        await StartAsync(Entry("0 12 * * *"));

        Assert.Equal(TimeSpan.FromMinutes(30), await _time.NextTimerAsync());
        _time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromMilliseconds(1));
        Assert.False(_submitted.Reader.TryRead(out _));

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(("nightly", Utc(3, 1, 12, 0)), await NextSubmissionAsync());
    }

    [Fact]
    public async Task It_goes_on_day_after_day()
    {
        await StartAsync(Entry("0 12 * * *"));

        await _time.MoveToAsync(Utc(3, 3, 12, 0));

        Assert.Equal(("nightly", Utc(3, 1, 12, 0)), await NextSubmissionAsync());
        Assert.Equal(("nightly", Utc(3, 2, 12, 0)), await NextSubmissionAsync());
        Assert.Equal(("nightly", Utc(3, 3, 12, 0)), await NextSubmissionAsync());
    }

    [Fact]
    public async Task Six_fields_begin_with_seconds()
    {
        await StartAsync(Entry("*/20 * * * * *"));

        Assert.Equal(TimeSpan.FromSeconds(20), await _time.NextTimerAsync());
    }

    [Fact]
    public async Task Times_are_meant_in_the_zone_of_the_schedule()
    {
        await StartAsync(Entry("0 14 * * *") with { TimeZone = Zone.WithSummerTime });

        // 14:00 at one hour east is 13:00 UTC; a sleep is never longer than an hour.
        await _time.MoveToAsync(Utc(3, 1, 13, 0));
        Assert.Equal(Utc(3, 1, 13, 0), (await NextSubmissionAsync()).Due);
    }

    [Fact]
    public async Task A_time_that_the_spring_change_leaves_out_comes_at_the_first_instant_after_it()
    {
        _time.SetUtcNow(Utc(3, 28, 12, 0));
        await StartAsync(Entry("30 2 * * *") with { TimeZone = Zone.WithSummerTime });

        await _time.MoveToAsync(Utc(3, 30, 2, 0));

        // On the 29th the clocks go from 02:00 to 03:00 (01:00 UTC); the day after, 02:30 is 00:30 UTC.
        Assert.Equal(Utc(3, 29, 1, 0), (await NextSubmissionAsync()).Due);
        Assert.Equal(Utc(3, 30, 0, 30), (await NextSubmissionAsync()).Due);
        Assert.False(_submitted.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_time_that_the_autumn_change_repeats_comes_once()
    {
        _time.SetUtcNow(Utc(10, 24, 12, 0));
        await StartAsync(Entry("30 2 * * *") with { TimeZone = Zone.WithSummerTime });

        await _time.MoveToAsync(Utc(10, 26, 3, 0));

        // On the 25th 02:30 comes at 00:30 UTC and, after the change, once more at 01:30 UTC.
        Assert.Equal(Utc(10, 25, 0, 30), (await NextSubmissionAsync()).Due);
        Assert.Equal(Utc(10, 26, 1, 30), (await NextSubmissionAsync()).Due);
        Assert.False(_submitted.Reader.TryRead(out _));
    }

    [Fact]
    public async Task An_interval_goes_on_through_the_hour_that_is_repeated()
    {
        _time.SetUtcNow(Utc(10, 24, 23, 45));
        await StartAsync(Entry("*/30 * * * *") with { TimeZone = Zone.WithSummerTime });

        await _time.MoveToAsync(Utc(10, 25, 2, 0));

        for (var due = Utc(10, 25, 0, 0); due <= Utc(10, 25, 2, 0); due += TimeSpan.FromMinutes(30))
            Assert.Equal(due, (await NextSubmissionAsync()).Due);
    }

    [Fact]
    public async Task However_many_runs_were_missed_once_makes_up_for_the_last()
    {
        _memory.Seen["nightly"] = Utc(2, 20, 12, 0);
        await StartAsync(Entry("0 12 * * *") with { Missed = MissedRuns.Once });

        Assert.Equal(("nightly", Utc(2, 28, 12, 0)), await NextSubmissionAsync());
        await _time.NextTimerAsync();
        Assert.False(_submitted.Reader.TryRead(out _));
        Assert.Equal(Utc(2, 28, 12, 0), _memory.Seen["nightly"]);
    }

    [Fact]
    public async Task Skip_makes_up_for_nothing()
    {
        _memory.Seen["nightly"] = Utc(2, 20, 12, 0);
        await StartAsync(Entry("0 12 * * *") with { Missed = MissedRuns.Skip });

        await _time.NextTimerAsync();
        Assert.False(_submitted.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_new_schedule_has_missed_nothing_but_from_now_on_it_is_watched()
    {
        await StartAsync(Entry("0 12 * * *") with { Missed = MissedRuns.Once });

        await _time.NextTimerAsync();
        Assert.False(_submitted.Reader.TryRead(out _));
        Assert.Equal(Utc(3, 1, 11, 30), _memory.Seen["nightly"]);
    }

    [Fact]
    public async Task A_run_that_was_not_submitted_is_not_remembered_and_the_next_one_comes()
    {
        _memory.Seen["nightly"] = Utc(3, 1, 11, 0);
        _refused.Add(Utc(3, 1, 12, 0));
        await StartAsync(Entry("0 12 * * *") with { Missed = MissedRuns.Once });

        await _time.MoveToAsync(Utc(3, 1, 12, 0));
        Assert.Equal(Utc(3, 1, 11, 0), _memory.Seen["nightly"]);

        await _time.MoveToAsync(Utc(3, 2, 12, 0));
        Assert.Equal(Utc(3, 2, 12, 0), (await NextSubmissionAsync()).Due);
    }

    [Fact]
    public async Task When_the_clock_is_set_forward_skip_leaves_out_what_lies_between()
    {
        await StartAsync(Entry("0 12 * * *") with { Missed = MissedRuns.Skip });
        await _time.NextTimerAsync();

        // The sleeper wakes at its hour at the latest and finds another day.
        _time.AdjustTime(Utc(3, 2, 18, 0));
        _time.Advance(TimeSpan.FromHours(1));
        await _time.NextTimerAsync();

        Assert.False(_submitted.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_schedule_that_is_held_up_holds_up_no_other()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await StartAsync(
            async (entry, due, _) =>
            {
                if (entry.Name == "slow")
                    await held.Task;
                await _submitted.Writer.WriteAsync((entry.Name, due), CancellationToken.None);
            },
            Entry("0 12 * * *") with
            {
                Name = "slow",
            },
            Entry("0 12 * * *") with
            {
                Name = "quick",
            }
        );
        await _time.NextTimerAsync();
        await _time.NextTimerAsync();
        _time.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal("quick", (await NextSubmissionAsync()).Name);
        held.SetResult();
        Assert.Equal("slow", (await NextSubmissionAsync()).Name);
    }

    [Fact]
    public async Task A_date_that_never_comes_ends_the_schedule_and_nothing_else()
    {
        await StartAsync(Entry("0 0 30 2 *") with { Name = "never" }, Entry("0 12 * * *"));

        await _time.NextTimerAsync();
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal("nightly", (await NextSubmissionAsync()).Name);
    }

    private static DateTimeOffset Utc(int month, int day, int hour, int minute) =>
        new(2026, month, day, hour, minute, 0, TimeSpan.Zero);

    private static ScheduleEntry Entry(string cron) =>
        new()
        {
            Name = "nightly",
            Cron = cron,
            TimeZone = TimeZoneInfo.Utc,
            Routine = "files.archive",
            Arguments = JsonSerializer.Deserialize<JsonElement>("{}"),
            Group = "default",
        };

    private Task StartAsync(params ScheduleEntry[] entries) =>
        StartAsync(
            (entry, due, _) =>
                _refused.Contains(due)
                    ? throw new InvalidOperationException("queue_full")
                    : _submitted.Writer.WriteAsync((entry.Name, due), CancellationToken.None).AsTask(),
            entries
        );

    private Task StartAsync(
        Func<ScheduleEntry, DateTimeOffset, CancellationToken, Task> submit,
        params ScheduleEntry[] entries
    )
    {
        var service = new ScheduleService(entries, submit, _memory, _time, NullLogger<ScheduleService>.Instance);
        _services.Add(service);
        return service.StartAsync(TestContext.Current.CancellationToken);
    }

    private async Task<(string Name, DateTimeOffset Due)> NextSubmissionAsync() =>
        await _submitted.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);

    private sealed class Memory : IScheduleMemory
    {
        public ConcurrentDictionary<string, DateTimeOffset> Seen { get; } = new();

        public Task<DateTimeOffset?> RecallAsync(string schedule, CancellationToken cancellationToken) =>
            Task.FromResult(Seen.TryGetValue(schedule, out var due) ? due : (DateTimeOffset?)null);

        public Task RememberAsync(string schedule, DateTimeOffset due, CancellationToken cancellationToken)
        {
            Seen[schedule] = due;
            return Task.CompletedTask;
        }
    }

    /// <summary>A zone with the rules of central Europe, made here so that no time zone data is needed.</summary>
    private static class Zone
    {
        public static TimeZoneInfo WithSummerTime { get; } =
            TimeZoneInfo.CreateCustomTimeZone(
                "Test/Summer",
                TimeSpan.FromHours(1),
                "Test",
                "Winter",
                "Summer",
                [
                    TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
                        DateTime.MinValue.Date,
                        DateTime.MaxValue.Date,
                        TimeSpan.FromHours(1),
                        LastSunday(3, 2),
                        LastSunday(10, 3)
                    ),
                ]
            );

        private static TimeZoneInfo.TransitionTime LastSunday(int month, int hour) =>
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(
                new DateTime(1, 1, 1, hour, 0, 0),
                month,
                5,
                DayOfWeek.Sunday
            );
    }
}
