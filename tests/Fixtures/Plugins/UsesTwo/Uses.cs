using AptTask.Plugin;
using Dependency;

namespace Uses;

public static class Uses
{
    [Routine("uses.version")]
    public static string Version() => Shared.Version;

    /// <summary>Says that it has begun and waits until it is stopped, then touches its dependency for the first time.</summary>
    [Routine("uses.wait")]
    public static async Task<string> WaitAsync(RoutineContext context, CancellationToken stop)
    {
        context.Report(0.5, "begun");
        var stopped = new TaskCompletionSource();
        using (stop.Register(stopped.SetResult))
            await stopped.Task;
        return Late();
    }

    private static string Late() => Shared.Version;
}
