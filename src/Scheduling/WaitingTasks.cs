namespace AptTask.Scheduling;

/// <summary>
/// The waiting tasks of a group in the order in which they came, as a list whose links lie in the tasks: a
/// <see cref="LinkedList{T}"/> would add an object for each of a million tasks.
/// </summary>
internal sealed class WaitingTasks
{
    private TaskNode? _first;
    private TaskNode? _last;

    public int Count { get; private set; }

    public void Add(TaskNode task)
    {
        task.PreviousWaiting = _last;
        if (_last is null)
            _first = task;
        else
            _last.NextWaiting = task;
        _last = task;
        Count++;
    }

    public void Remove(TaskNode task)
    {
        if (task.PreviousWaiting is { } previous)
            previous.NextWaiting = task.NextWaiting;
        else
            _first = task.NextWaiting;
        if (task.NextWaiting is { } next)
            next.PreviousWaiting = task.PreviousWaiting;
        else
            _last = task.PreviousWaiting;
        (task.PreviousWaiting, task.NextWaiting) = (null, null);
        Count--;
    }

    public IEnumerable<TaskNode> InOrder()
    {
        for (var task = _first; task is not null; task = task.NextWaiting)
            yield return task;
    }
}
