using System.ComponentModel;
using System.Text;
using AptTask.Plugin;

namespace AptTask.Ledger;

/// <summary>Leaves a trace outside the daemon, so that a test can count what really ran.</summary>
public static class LedgerRoutines
{
    // Opening for append finds the end and then writes there: two of the daemon's threads would write over each other.
    private static readonly Lock Gate = new();

    /// <summary>Appends one line to a file in one write: the task, its attempt and what the test calls it.</summary>
    [Routine("ledger.write"), Description("Writes a line into a ledger.")]
    public static void Write(
        [Description("The file.")] string file,
        [Description("The test's name for the task.")] string name,
        RoutineContext context
    )
    {
        using var _ = Gate.EnterScope();
        using var ledger = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        ledger.Write(Encoding.UTF8.GetBytes($"{name} {context.TaskId} {context.Attempt} {context.AttemptToken}\n"));
    }

    /// <summary>The same, but may be run again after its attempt was lost.</summary>
    [Routine("ledger.again", Idempotent = true), Description("Writes a line into a ledger, again if need be.")]
    public static void Again(
        [Description("The file.")] string file,
        [Description("The test's name for the task.")] string name,
        RoutineContext context
    ) => Write(file, name, context);

    /// <summary>Runs until it is told to stop. Running it twice would do harm, so it is not run again after a loss.</summary>
    [Routine("ledger.hold"), Description("Waits until it is stopped.")]
    public static Task HoldAsync(CancellationToken stop) => Task.Delay(Timeout.Infinite, stop);
}
