namespace AptTask.Plugin;

/// <summary>How a job ended that a task waited for.</summary>
public enum DependencyOutcome
{
    /// <summary>It did what it should.</summary>
    Done,

    /// <summary>Its last attempt failed.</summary>
    Failed,

    /// <summary>It never ran.</summary>
    Skipped,

    /// <summary>It was stopped.</summary>
    Stopped,
}
