namespace AptTask.Acceptance.Tests;

/// <summary>Waits for a condition that nobody announces.</summary>
internal static class Eventually
{
    /// <summary>Looks until it holds.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < DaemonProcess.Patience, what());
            await Task.Delay(20);
        }
    }

    /// <summary>Looks until it holds.</summary>
    public static Task HoldsAsync(Func<bool> condition, Func<string> what) =>
        HoldsAsync(() => Task.FromResult(condition()), what);
}
