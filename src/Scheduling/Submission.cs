namespace AptTask.Scheduling;

/// <summary>
/// What a submission would add, worked out before anything is changed. Reused from one submission to the next; belongs to one group.
/// </summary>
internal sealed class Submission
{
    /// <summary>Each submitted task with the one that answers for it.</summary>
    public List<(TaskSpec Spec, TaskNode Answer)> Answers { get; } = [];

    public List<TaskNode> Added { get; } = [];

    /// <summary>Every job id that stands in the submission, with the task that it will mean.</summary>
    public Dictionary<string, TaskNode> Jobs { get; } = [];

    public Dictionary<string, TaskNode> Uniques { get; } = [];

    /// <summary>Second names that known tasks, or new ones, get.</summary>
    public List<(JobId Name, TaskNode Task)> Aliases { get; } = [];

    public void Add(TaskNode task)
    {
        Answers.Add((task.Spec, task));
        Added.Add(task);
        if (task.Spec.Job is { } job)
            Jobs.Add(job.Value, task);
        if (task.Spec.Unique is { } unique)
            Uniques.Add(unique, task);
    }

    /// <summary>The submitted task is the same as the first one, and its own job id becomes a second name of that.</summary>
    public void Repeat(TaskSpec spec, TaskNode first)
    {
        Answers.Add((spec, first));
        if (spec.Job is not { } job)
            return;
        Jobs.Add(job.Value, first);
        if (first.Group.TaskOf(job) != first)
            Aliases.Add((job, first));
    }

    /// <summary>Whether a task waits for one that stands later in the submission. If none does, it has no cycle in itself.</summary>
    public bool LooksAhead()
    {
        if (Jobs.Count == 0)
            return false;
        // Ids grow within a submission, or at least tell the tasks apart: what matters is that one order fits all entries.
        foreach (var task in Added)
        {
            foreach (var dependency in task.Spec.WaitFor)
            {
                if (Jobs.TryGetValue(dependency.Job.Value, out var other) && other.Spec.Id.Value >= task.Spec.Id.Value)
                    return true;
            }
        }

        return false;
    }

    public void Clear()
    {
        Answers.Clear();
        Added.Clear();
        Jobs.Clear();
        Uniques.Clear();
        Aliases.Clear();
    }
}
