namespace AptTask.Scheduling;

/// <summary>How a job has to end for its dependant to go on.</summary>
public enum DependencyCondition
{
    /// <summary>It succeeded.</summary>
    Done,

    /// <summary>It failed (not: was skipped or stopped).</summary>
    Failed,

    /// <summary>It reached any final state.</summary>
    Finished,
}
