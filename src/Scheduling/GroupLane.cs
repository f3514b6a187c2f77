namespace AptTask.Scheduling;

/// <summary>
/// One group in one lane: its queues of ready tasks and what it has running there. The group fills the queues; all else
/// belongs to the <see cref="LaneBoard"/>.
/// </summary>
internal sealed class GroupLane(GroupPlaces group, Lane lane)
{
    public GroupPlaces Group { get; } = group;

    public Lane Lane { get; } = lane;

    /// <summary>One for each cap that has, or had, ready tasks; few.</summary>
    public List<ReadyQueue> Queues { get; } = [];

    public int RunningWeight { get; set; }

    public int RunningTasks { get; set; }

    /// <summary>
    /// How much it has been given for its share, as in stride scheduling: settles who is first among groups with equally little
    /// running, so that in a lane of width 1 they take turns.
    /// </summary>
    public long Pass { get; set; }

    /// <summary>When it started something last, as the board counts; settles who is first among equal passes.</summary>
    public long LastStart { get; set; }

    /// <summary>It has ready or running tasks here, or is about to.</summary>
    public bool IsActive { get; set; }

    /// <summary>How often others were given places while its own first task, being heavy, had too few.</summary>
    public int Overtaken { get; set; }

    /// <summary>The queue whose head is its next task, as it stands on the lane's list; null when it is not on the list.</summary>
    public ReadyQueue? Bid { get; set; }

    /// <summary>The rank and the weight of that head when it was put on the list.</summary>
    public long BidRank { get; set; }

    public int BidWeight { get; set; }

    public int Ready
    {
        get
        {
            var count = 0;
            foreach (var queue in Queues)
                count += queue.Count;
            return count;
        }
    }
}
