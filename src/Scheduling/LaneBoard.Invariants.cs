using static AptTask.Scheduling.Scheduler;

namespace AptTask.Scheduling;

/// <content>Whether the board says what the states of the tasks say.</content>
internal sealed partial class LaneBoard
{
    public void CheckInvariants(IReadOnlyCollection<TaskNode> tasks, SchedulerOptions options)
    {
        var running = tasks.Where(t => t.State is TaskState.Running).ToList();
        foreach (var lane in _lanes.Values)
            CheckLane(lane, tasks, options);
        foreach (var cap in _caps.Values)
        {
            Demand(options.Caps.GetValueOrDefault(cap.Name, -1) == cap.Limit, $"Cap {cap.Name}: limit");
            Demand(cap.Running == running.Count(t => t.Spec.Cap == cap.Name), $"Cap {cap.Name}: running");
            Demand(cap.Queues.All(queue => queue.Count > 0 && queue.Cap == cap), $"Cap {cap.Name}: queues");
        }

        foreach (var group in _groups.Values)
        {
            Demand(group.Running == running.Count(t => t.Spec.Group == group.Name), $"Group {group.Name}: running");
            Demand(group.Paused == _pausedGroups.Contains(group.Name), $"Group {group.Name}: pause");
            foreach (var place in group.Lanes)
                CheckPlace(place, running);
        }
    }

    private void CheckLane(Lane lane, IReadOnlyCollection<TaskNode> tasks, SchedulerOptions options)
    {
        var own = tasks.Where(t => t.Spec.Lane == lane.Name && !t.State.IsFinal).ToList();
        var running = own.Where(t => t.State is TaskState.Running).ToList();
        Demand(!lane.IsTouched, $"Lane {lane.Name}: something changed and it was not looked at.");
        Demand(lane.IsVanished != options.Lanes.ContainsKey(lane.Name), $"Lane {lane.Name}: configured or not");
        Demand(lane.Unfinished == own.Count, $"Lane {lane.Name}: unfinished tasks");
        Demand(lane.Ready == own.Count(t => t.State is TaskState.Ready), $"Lane {lane.Name}: ready tasks");
        Demand(lane.Running == running.Count, $"Lane {lane.Name}: running tasks");
        Demand(lane.Used == running.Sum(t => t.Held), $"Lane {lane.Name}: used places");
        var listed = _groups
            .Values.SelectMany(group => group.Lanes)
            .Count(place => place.Lane == lane && place.Bid is not null);
        Demand(lane.ListedGroups == listed, $"Lane {lane.Name}: listed groups");
        // No place stays free while a task could have it.
        if (!_draining && !lane.Paused && listed > 0 && lane.Free > 0)
            Demand(
                !lane.HasFitting || lane.IsSavingFrom(null),
                $"Lane {lane.Name}: a place is free and a task could have it."
            );
    }

    private static void CheckPlace(GroupLane place, IReadOnlyList<TaskNode> running)
    {
        var where = $"Group {place.Group.Name} in lane {place.Lane.Name}";
        var own = running.Where(t => t.Spec.Group == place.Group.Name && t.Spec.Lane == place.Lane.Name).ToList();
        Demand(place.RunningTasks == own.Count && place.RunningWeight == own.Sum(t => t.Held), $"{where}: running");
        var bid = FindBid(place);
        Demand(place.Bid == bid, $"{where}: next task");
        if (bid is null)
            return;
        Demand(place.BidRank == bid.Head.Rank, $"{where}: rank of the next task");
        Demand(place.BidWeight == place.Lane.PlacesFor(bid.Head.Spec), $"{where}: weight of the next task");
        Demand(
            place.Lane.IsListed(place),
            $"{where}: not found on the list, so its order changed while it stood there."
        );
    }
}
