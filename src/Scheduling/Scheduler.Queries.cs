using System.Collections.Immutable;

namespace AptTask.Scheduling;

/// <content>Questions. They change nothing.</content>
public sealed partial class Scheduler
{
    /// <summary>Where a task stands; null if it is not here (any more).</summary>
    public TaskState? StateOf(TaskId task) => _tasks.GetValueOrDefault(task)?.State;

    /// <summary>What was accepted; null if it is not here (any more).</summary>
    public TaskSpec? SpecOf(TaskId task) => _tasks.GetValueOrDefault(task)?.Spec;

    /// <summary>The newest task of a job id, live or kept, also by alias; null if there is none.</summary>
    public TaskId? TaskOf(GroupName group, JobId job) => _groups.GetValueOrDefault(group)?.TaskOf(job)?.Spec.Id;

    /// <summary>How many attempts of the task were lost.</summary>
    public int LostAttemptsOf(TaskId task) => _tasks.GetValueOrDefault(task)?.LostAttempts ?? 0;

    /// <summary>Whether an unfinished task still waits for this one: its data must stay.</summary>
    public bool IsNeeded(TaskId task) => _tasks.TryGetValue(task, out var node) && node.Group.IsNeeded(node);

    /// <summary>Why a task is not running: every obstacle, the first one to be removed first. Empty when it runs or is final.</summary>
    public ImmutableArray<Obstacle> Explain(TaskId task, DateTimeOffset now) =>
        _tasks.TryGetValue(task, out var node) ? node.Group.Explain(node, now) : [];

    /// <summary>
    /// The tasks of a group that are not final: running ones, then ready ones in the order in which they would start as things
    /// stand, then backing off, then waiting.
    /// </summary>
    /// <param name="group">Whose.</param>
    /// <param name="limit">How many at the most.</param>
    public ImmutableArray<TaskId> Active(GroupName group, int limit) =>
        _groups.TryGetValue(group, out var schedule)
            ? [.. schedule.Active().Take(limit).Select(task => task.Spec.Id)]
            : [];

    /// <summary>Every lane, by name.</summary>
    public ImmutableArray<LaneView> Lanes()
    {
        var running = _groups
            .Values.SelectMany(group => group.Running)
            .OrderBy(task => ((TaskState.Running)task.State).Token.Value)
            .ToLookup(task => task.Spec.Lane, task => task.Spec.Id);
        return
        [
            .. _turn
                .Board.Lanes.OrderBy(lane => lane.Name.Value, StringComparer.Ordinal)
                .Select(lane => new LaneView(
                    lane.Name,
                    lane.IsVanished ? lane.Options with { Width = 0 } : lane.Options,
                    lane.Used,
                    lane.Ready,
                    lane.Paused,
                    [.. running[lane.Name]]
                )),
        ];
    }

    /// <summary>Every group that has tasks, by name.</summary>
    public ImmutableArray<GroupView> Groups() =>
        [
            .. _groups
                .Values.Where(group => group.Tasks > 0)
                .OrderBy(group => group.Name.Value, StringComparer.Ordinal)
                .Select(group => group.View),
        ];
}
