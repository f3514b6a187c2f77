using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace AptTask.Host.Tests.Schedules;

/// <summary>
/// A clock that the test moves, and that tells when somebody has gone to sleep on it: to move it earlier would race with the
/// code under test.
/// </summary>
internal sealed class SteppedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();
    private DateTimeOffset? _wakes;

    /// <summary>Waits for the next timer that is set, and says how long it runs.</summary>
    public async Task<TimeSpan> NextTimerAsync() =>
        await _timers
            .Reader.ReadAsync(TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>
    /// Moves from sleep to sleep up to an instant, so that a single sleeper finds each instant that it is due at. When it
    /// returns the sleeper has done its work and sleeps beyond the instant.
    /// </summary>
    public async Task MoveToAsync(DateTimeOffset instant)
    {
        while (true)
        {
            _wakes ??= GetUtcNow() + await NextTimerAsync();
            if (_wakes > instant)
                return;
            var wakes = _wakes.Value;
            _wakes = null;
            Advance(wakes - GetUtcNow());
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }
}
