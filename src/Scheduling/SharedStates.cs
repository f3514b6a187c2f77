namespace AptTask.Scheduling;

/// <summary>States that many tasks are in at once, one instance for all of them: states are values.</summary>
internal static class SharedStates
{
    private const int Kept = 16;

    private static readonly TaskState.Waiting[] WaitingFor = Make(n => new TaskState.Waiting(n));
    private static readonly TaskState.Ready[] ReadyFor = Make(n => new TaskState.Ready(n));
    private static readonly TaskState.Done[] DoneAt = Make(n => new TaskState.Done(n));

    public static TaskState.Waiting Waiting(int open) => open < Kept ? WaitingFor[open] : new TaskState.Waiting(open);

    public static TaskState.Ready Ready(int nextAttempt) =>
        nextAttempt < Kept ? ReadyFor[nextAttempt] : new TaskState.Ready(nextAttempt);

    public static TaskState.Done Done(int attempt) => attempt < Kept ? DoneAt[attempt] : new TaskState.Done(attempt);

    private static T[] Make<T>(Func<int, T> make) => [.. Enumerable.Range(0, Kept).Select(make)];
}
