namespace AptTask.Scheduling;

/// <summary>
/// One entry of a task's <c>waitfor</c>. Lies in an array of the task and is at the same time a link in the chain of all open
/// entries that wait for the same job: a million tasks with three dependencies each need no list of their own for any job.
/// </summary>
internal struct DependencyEdge
{
    /// <summary>The job that is waited for.</summary>
    public JobNode Job;

    /// <summary>The next task in the chain of the job, and which of its entries.</summary>
    public TaskNode? NextWaiter;
    public int NextIndex;

    /// <summary>Whether it is still undecided.</summary>
    public bool Open;
}
