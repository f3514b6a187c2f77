using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AptTask.Scheduling;

/// <content>Who waits for whom.</content>
internal sealed partial class GroupSchedule
{
    private const string ChainLink = " < ";
    private const string ChainGap = " < … < ";

    /// <summary>The longest chain in a reason, in characters: a chain of a million tasks must not cost a million reasons of its length.</summary>
    private const int ChainLimit = 200;

    /// <summary>Whether an unfinished task lists the job of this one, by any of its names.</summary>
    public bool IsNeeded(TaskNode task)
    {
        if (task.Job is { Wanted: > 0 } job && job.Task == task)
            return true;
        return _aliases.Count > 0
            && _aliases.TryGetValue(task, out var aliases)
            && aliases.Exists(alias => alias.Wanted > 0);
    }

    public TaskNode? TaskOf(JobId job) => _jobs.GetValueOrDefault(job.Value)?.Task;

    /// <summary>Decides all who wait for tasks that have become final, and those who wait for these, until nothing changes any more.</summary>
    public void Settle()
    {
        while (_settling.TryDequeue(out var final))
        {
            if (final.Job is { } job && job.Task == final)
                Settle(job, final);
            if (_aliases.Count == 0 || !_aliases.TryGetValue(final, out var aliases))
                continue;
            foreach (var alias in aliases)
                Settle(alias, final);
        }
    }

    private void Settle(JobNode job, TaskNode final)
    {
        var waiter = job.TakeWaiters(out var index);
        while (waiter is not null)
        {
            var edge = waiter.Edges[index];
            // It may have been skipped a moment ago: one task can wait for the same job in two ways.
            if (waiter.State is TaskState.Waiting waiting)
            {
                waiter.Edges[index].Open = false;
                Decide(waiter, waiting, waiter.Spec.WaitFor[index], final.State);
            }

            (waiter, index) = (edge.NextWaiter, edge.NextIndex);
        }
    }

    private void Decide(TaskNode waiter, TaskState.Waiting waiting, Dependency dependency, TaskState final)
    {
        if (Verdicts.Of(dependency.When, Verdicts.OutcomeOf(final)) == Verdict.Impossible)
        {
            Skip(waiter, dependency.Job, final);
            return;
        }

        var open = waiting.OpenDependencies - 1;
        if (open == 0 && IsDue(waiter))
            Move(waiter, SharedStates.Ready(1));
        else
            Restate(waiter, SharedStates.Waiting(open));
    }

    private void Skip(TaskNode task, JobId job, TaskState? cause) =>
        Move(task, new TaskState.Skipped(SkipReason.Dependency, Chain(job, cause)));

    private bool IsDue(TaskNode task) => task.Spec.NotBefore is not { } notBefore || notBefore <= _turn.Now;

    /// <summary>The jobs that led to a skip, the nearest first. When there are too many, the nearest and the last one are named.</summary>
    private static string Chain(JobId job, TaskState? cause)
    {
        if (cause is not TaskState.Skipped { Reason: SkipReason.Dependency, Chain: var rest })
            return job.Value;
        var chain = job.Value + ChainLink + rest;
        var lastLink = rest.LastIndexOf(ChainLink, StringComparison.Ordinal);
        if (chain.Length <= ChainLimit || lastLink < 0)
            return chain;
        var gap = rest.IndexOf(ChainGap, StringComparison.Ordinal);
        var near = gap < 0 ? rest : rest[..gap];
        var root = rest[(lastLink + ChainLink.Length)..];
        // What is near shrinks by whole jobs until all fits; the job itself and the root always stand.
        var room = ChainLimit - job.Value.Length - root.Length - ChainLink.Length - ChainGap.Length;
        while (near.Length > Math.Max(room, 0))
        {
            var cut = near.LastIndexOf(ChainLink, StringComparison.Ordinal);
            if (cut < 0)
                return job.Value + ChainGap + root;
            near = near[..cut];
        }

        return job.Value + ChainLink + near + ChainGap + root;
    }

    /// <summary>Enters the <c>waitfor</c> of a new task: each job counts it, and the open ones link it.</summary>
    /// <returns>How many are open, and the first that can no longer come true.</returns>
    private (int Open, Dependency? Impossible) StartWaiting(TaskNode task, bool mayBeOpen)
    {
        var waitFor = task.Spec.WaitFor;
        if (waitFor.Length == 0)
            return (0, null);
        task.Edges = new DependencyEdge[waitFor.Length];
        var open = 0;
        Dependency? impossible = null;
        for (var i = 0; i < waitFor.Length; i++)
        {
            var job = FindOrAddJob(waitFor[i].Job);
            task.Edges[i].Job = job;
            Intern(waitFor, i, job);
            if (++job.Wanted == 1 && job.Task is { } wanted)
                RefreshRank(wanted);
            var verdict = mayBeOpen ? VerdictOn(job, waitFor[i].When) : Verdict.Met;
            if (verdict == Verdict.Impossible)
                impossible ??= waitFor[i];
            if (verdict != Verdict.Open)
                continue;
            task.Edges[i].Open = true;
            job.Link(task, i);
            open++;
        }

        return (open, impossible);
    }

    /// <summary>
    /// Each request spells the names of jobs anew; one string for each job saves a third of what a pending task needs. The array is
    /// immutable and stays so for all who look: the name is replaced by an equal one.
    /// </summary>
    private static void Intern(ImmutableArray<Dependency> waitFor, int index, JobNode job)
    {
        if (!ReferenceEquals(waitFor[index].Job.Value, job.Name))
            ImmutableCollectionsMarshal.AsArray(waitFor)![index] = waitFor[index] with { Job = new JobId(job.Name) };
    }

    private static Verdict VerdictOn(JobNode job, DependencyCondition when)
    {
        if (job.Task is { } task)
        {
            return task.State is { IsFinal: true } state ? Verdicts.Of(when, Verdicts.OutcomeOf(state)) : Verdict.Open;
        }

        return job.Record?.Outcome is { } outcome ? Verdicts.Of(when, outcome) : Verdict.Open;
    }

    /// <summary>The mirror image of <see cref="StartWaiting"/>, when the task is final.</summary>
    private void StopWaiting(TaskNode task)
    {
        var edges = task.Edges;
        task.Edges = [];
        var linked = false;
        for (var i = 0; i < edges.Length; i++)
        {
            linked |= edges[i].Open;
            var job = edges[i].Job;
            if (--job.Wanted == 0)
                NoLongerWanted(job);
        }

        // The chains of jobs that are still open lead through these entries.
        if (!linked)
            return;
        task.Edges = edges;
        foreach (var edge in edges)
            edge.Job.DropDeadLinks();
    }

    private void NoLongerWanted(JobNode job)
    {
        if (job.Task is { } task)
            RefreshRank(task);
        else if (job.Record is { } record)
            // Its time may have come while it was wanted. If not, this changes nothing.
            _turn.Agenda.AddMemory(job, record);
        else
            _jobs.Remove(job.Name);
    }

    private JobNode FindOrAddJob(JobId id)
    {
        ref var job = ref CollectionsMarshal.GetValueRefOrAddDefault(_jobs, id.Value, out _);
        return job ??= new JobNode(id.Value);
    }
}
