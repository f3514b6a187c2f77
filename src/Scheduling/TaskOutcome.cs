namespace AptTask.Scheduling;

/// <summary>The four ways in which a task can end.</summary>
public enum TaskOutcome
{
    /// <summary>An attempt succeeded.</summary>
    Done,

    /// <summary>The last attempt failed.</summary>
    Failed,

    /// <summary>It never ran.</summary>
    Skipped,

    /// <summary>It was stopped.</summary>
    Stopped,
}
