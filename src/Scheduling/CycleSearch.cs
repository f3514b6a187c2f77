using System.Collections.Immutable;

namespace AptTask.Scheduling;

/// <summary>
/// Looks for jobs that would wait for one another for ever if a submission were taken. Walks by hand and not by recursion: a
/// chain can be a million long. It changes nothing.
/// </summary>
/// <param name="submission">What would be added.</param>
/// <param name="jobs">The jobs of the group as they are.</param>
/// <param name="throughKnownTasks">
/// Whether known tasks wait for a job of the submission. If not, no way leads back from a known task and none is walked.
/// </param>
internal sealed class CycleSearch(Submission submission, Dictionary<string, JobNode> jobs, bool throughKnownTasks)
{
    private readonly HashSet<TaskNode> _entered = [];
    private readonly HashSet<TaskNode> _onPath = [];
    private readonly Stack<Step> _path = [];

    /// <summary>The cycle, each job waiting for the next, the first one repeated at the end; default if there is none.</summary>
    public ImmutableArray<JobId> Find()
    {
        // A new name of a known task can close a cycle as well as a new task can.
        foreach (var task in submission.Added.Concat(submission.Aliases.Select(alias => alias.Task)))
        {
            if (_entered.Contains(task) || task.State is not (null or TaskState.Waiting))
                continue;
            var cycle = FindFrom(task);
            if (!cycle.IsDefault)
                return cycle;
        }

        return default;
    }

    private ImmutableArray<JobId> FindFrom(TaskNode start)
    {
        Enter(start, start.Spec.Job);
        while (_path.TryPop(out var step))
        {
            if (step.NextEntry == step.Task.Spec.WaitFor.Length)
            {
                _onPath.Remove(step.Task);
                continue;
            }

            _path.Push(step with { NextEntry = step.NextEntry + 1 });
            var job = step.Task.Spec.WaitFor[step.NextEntry].Job;
            if (Target(step.Task, step.NextEntry, job) is not { } target)
                continue;
            if (_onPath.Contains(target))
                return Cut(target, job);
            if (!_entered.Contains(target))
                Enter(target, job);
        }

        return default;
    }

    private void Enter(TaskNode task, JobId? name)
    {
        _entered.Add(task);
        _onPath.Add(task);
        _path.Push(new Step(task, name, 0));
    }

    /// <summary>The task behind an open entry, or null if the entry is decided or leads nowhere yet.</summary>
    private TaskNode? Target(TaskNode from, int entry, JobId job)
    {
        // Of a known task only what is still open counts.
        if (from.State is not null && !from.Edges[entry].Open)
            return null;
        if (!submission.Jobs.TryGetValue(job.Value, out var target))
            target = jobs.GetValueOrDefault(job.Value)?.Task;
        if (target is null || target.State is null)
            return target;
        return throughKnownTasks && target.State is TaskState.Waiting { OpenDependencies: > 0 } ? target : null;
    }

    private ImmutableArray<JobId> Cut(TaskNode target, JobId job)
    {
        var cycle = new List<JobId> { job };
        // The top of the path is what waits for the target; below it stands what waits for the top.
        foreach (var step in _path)
        {
            if (step.Task == target)
                break;
            cycle.Add(step.Name!.Value);
        }

        cycle.Add(job);
        cycle.Reverse();
        return [.. cycle];
    }

    private readonly record struct Step(TaskNode Task, JobId? Name, int NextEntry);
}
