using System.Collections.Immutable;

namespace AptTask.Scheduling;

/// <content>Answers to questions. Nothing here changes anything.</content>
internal sealed partial class GroupSchedule
{
    public GroupView View =>
        new(Name, _waiting.Count, _ready, _running.Count, _backingOff.Count, _kept, _places.Paused);

    public IEnumerable<TaskNode> Running => _running;

    /// <summary>Every obstacle between a task and its start.</summary>
    public ImmutableArray<Obstacle> Explain(TaskNode task, DateTimeOffset now)
    {
        var obstacles = ImmutableArray.CreateBuilder<Obstacle>();
        switch (task.State)
        {
            case TaskState.Waiting:
                AddOpenDependencies(obstacles, task);
                if (task.Spec.NotBefore is { } notBefore && notBefore > now)
                    obstacles.Add(new Obstacle.NotDue(notBefore));
                AddPauses(obstacles, task);
                break;
            case TaskState.BackingOff backingOff:
                obstacles.Add(new Obstacle.BackingOff(backingOff.Due, backingOff.NextAttempt));
                AddPauses(obstacles, task);
                break;
            case TaskState.Ready:
                AddPauses(obstacles, task);
                AddLimits(obstacles, task);
                break;
        }

        return obstacles.ToImmutable();
    }

    /// <summary>The tasks that are not final: running, ready in their order, backing off by time, waiting by age.</summary>
    public IEnumerable<TaskNode> Active() =>
        _running
            .OrderBy(task => ((TaskState.Running)task.State).Token.Value)
            .Concat(ReadyInOrder())
            .Concat(_backingOff.Select(entry => entry.Task))
            .Concat(_waiting.InOrder());

    private static void AddOpenDependencies(ImmutableArray<Obstacle>.Builder obstacles, TaskNode task)
    {
        for (var i = 0; i < task.Edges.Length; i++)
        {
            if (!task.Edges[i].Open)
                continue;
            var (dependency, target) = (task.Spec.WaitFor[i], task.Edges[i].Job.Task);
            obstacles.Add(new Obstacle.OpenDependency(dependency.Job, dependency.When, target?.Spec.Id, target?.State));
        }
    }

    private void AddPauses(ImmutableArray<Obstacle>.Builder obstacles, TaskNode task)
    {
        if (_turn.Board.Draining)
            obstacles.Add(new Obstacle.Draining());
        if (_turn.Board.Find(task.Spec.Lane) is { Paused: true })
            obstacles.Add(new Obstacle.LanePaused(task.Spec.Lane));
        if (_places.Paused)
            obstacles.Add(new Obstacle.GroupPaused());
    }

    private void AddLimits(ImmutableArray<Obstacle>.Builder obstacles, TaskNode task)
    {
        var place = PlaceOf(task);
        var lane = place.Lane;
        if (_places is { IsAtLimit: true, RunningLimit: { } limit })
            obstacles.Add(new Obstacle.GroupAtLimit(limit));
        if (_turn.Board.CapOf(task.Spec) is { IsFull: true } cap)
            obstacles.Add(new Obstacle.CapReached(cap.Name, cap.Limit));
        var needed = lane.PlacesFor(task.Spec);
        // Places that are being saved up for a heavy task are as good as taken.
        var free = lane.IsSavingFrom(place) ? 0 : Math.Max(0, lane.Free);
        if (needed > free)
        {
            var own = _running.Where(other => other.Spec.Lane == lane.Name).Select(other => other.Spec.Id);
            obstacles.Add(
                new Obstacle.LaneFull(
                    lane.Name,
                    lane.Width,
                    free,
                    needed,
                    [.. own.OrderBy(id => id.Value)],
                    lane.Running - place.RunningTasks
                )
            );
        }

        var before = place
            .Queues.Where(queue => queue.Cap is not { IsFull: true })
            .Sum(queue => queue.CountBefore(task.Rank));
        if (before > 0)
            obstacles.Add(new Obstacle.Behind(before));
    }

    private IEnumerable<TaskNode> ReadyInOrder()
    {
        // Merges the queues, which are sorted, without sorting a million tasks to show a thousand.
        var heads = new PriorityQueue<IEnumerator<TaskNode>, long>();
        foreach (var queue in _places.Lanes.SelectMany(place => place.Queues))
            Advance(queue.InOrder().GetEnumerator());
        while (heads.TryDequeue(out var head, out _))
        {
            yield return head.Current;
            Advance(head);
        }

        void Advance(IEnumerator<TaskNode> tasks)
        {
            if (tasks.MoveNext())
                heads.Enqueue(tasks, tasks.Current.Rank);
            else
                tasks.Dispose();
        }
    }
}
