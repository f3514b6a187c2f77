namespace AptTask.Scheduling;

/// <summary>
/// A job id of a group, for as long as a task has it, a task waits for it, or its outcome is remembered. It does not know
/// the group nor decide anything.
/// </summary>
internal sealed class JobNode(string name)
{
    public string Name { get; } = name;

    /// <summary>The newest task of that name, live or kept.</summary>
    public TaskNode? Task { get; set; }

    /// <summary>How the job ended, when its task is gone.</summary>
    public JobRecord? Record { get; set; }

    /// <summary>
    /// How many entries in the <c>waitfor</c> of unfinished tasks name it, decided ones included. Redundant with these tasks.
    /// </summary>
    public int Wanted { get; set; }

    /// <summary>The head of the chain of open entries; the youngest is first. Entries of tasks that no longer wait are dead.</summary>
    public TaskNode? FirstWaiter { get; set; }

    public int FirstIndex { get; set; }

    /// <summary>How many links the chain has, dead ones included.</summary>
    public int Links { get; set; }

    public bool IsUnused => Task is null && Record is null && Wanted == 0;

    /// <summary>Puts an entry of a task into the chain.</summary>
    public void Link(TaskNode waiter, int index)
    {
        ref var edge = ref waiter.Edges[index];
        edge.NextWaiter = FirstWaiter;
        edge.NextIndex = FirstIndex;
        FirstWaiter = waiter;
        FirstIndex = index;
        Links++;
    }

    /// <summary>
    /// Drops dead links when they are more than half of the chain: tasks that wait for a job that never comes, and are
    /// stopped, would else stay for ever. Costs no more than the links that died.
    /// </summary>
    public void DropDeadLinks()
    {
        const int Slack = 8;
        if (Wanted == 0)
        {
            FirstWaiter = null;
            Links = 0;
        }
        else if (Links > 2 * Wanted + Slack)
        {
            Relink(reverse: false);
        }
    }

    /// <summary>Empties the chain and returns its head, the oldest entry now first.</summary>
    public TaskNode? TakeWaiters(out int index)
    {
        Relink(reverse: true);
        var first = FirstWaiter;
        index = FirstIndex;
        FirstWaiter = null;
        Links = 0;
        return first;
    }

    private void Relink(bool reverse)
    {
        // Each pass turns the chain around; two passes keep its order.
        for (var pass = reverse ? 1 : 0; pass < 2; pass++)
        {
            var (waiter, index) = (FirstWaiter, FirstIndex);
            FirstWaiter = null;
            Links = 0;
            while (waiter is not null)
            {
                var edge = waiter.Edges[index];
                if (edge.Open && waiter.State is TaskState.Waiting)
                    Link(waiter, index);
                (waiter, index) = (edge.NextWaiter, edge.NextIndex);
            }
        }
    }
}
