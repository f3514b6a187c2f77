namespace AptTask.Scheduling;

/// <summary>A lane on the board: its places, and the groups that want some, in the order in which they would get them.</summary>
internal sealed class Lane(LaneName name, LaneOptions options)
{
    // One sorted set for each weight that some group's next task has. There are few weights; with one set, many heavy tasks
    // that do not fit would have to be passed over one by one.
    private readonly SortedList<int, SortedSet<GroupLane>> _bids = [];

    private IComparer<GroupLane> _order = OrderFor(options);

    public LaneName Name { get; } = name;

    public LaneOptions Options { get; private set; } = options;

    /// <summary>True when the configuration no longer has it: it stays, without places, until its tasks are gone.</summary>
    public bool IsVanished { get; set; }

    /// <summary>Taken off the board.</summary>
    public bool IsGone { get; set; }

    public int Width => IsVanished ? 0 : Options.Width;

    public int Used { get; set; }

    /// <summary>Negative after the lane was made narrower than what runs in it.</summary>
    public int Free => Width - Used;

    public bool Paused { get; set; }

    public int Running { get; set; }

    public int Ready { get; set; }

    /// <summary>Tasks of it that are not final.</summary>
    public int Unfinished { get; set; }

    /// <summary>Grows with each start over all lanes: of two lanes that could start something, the one that did longer ago goes first.</summary>
    public long LastStart { get; set; }

    /// <summary>Something changed, so that it has to be looked at for free places.</summary>
    public bool IsTouched { get; set; }

    /// <summary>The least pass that a group newly come has, so that it is not preferred for the time when it wanted nothing.</summary>
    public long VirtualTime { get; set; }

    /// <summary>A task never needs more places than there are: after the lane was made narrower it takes all of them.</summary>
    public int PlacesFor(TaskSpec spec) => Math.Min(spec.Weight, Math.Max(Width, 1));

    public void List(GroupLane bidder)
    {
        if (!_bids.TryGetValue(bidder.BidWeight, out var set))
            _bids.Add(bidder.BidWeight, set = new SortedSet<GroupLane>(_order));
        if (!set.Add(bidder))
            throw new InvalidOperationException($"Group {bidder.Group.Name} is on the list of lane {Name} already.");
    }

    public void Unlist(GroupLane bidder)
    {
        if (!_bids.TryGetValue(bidder.BidWeight, out var set) || !set.Remove(bidder))
            throw new InvalidOperationException($"Group {bidder.Group.Name} is not on the list of lane {Name}.");
    }

    public bool IsListed(GroupLane bidder) => _bids.TryGetValue(bidder.BidWeight, out var set) && set.Contains(bidder);

    public int ListedGroups => _bids.Values.Sum(set => set.Count);

    /// <summary>Takes over new options. Only while no group is on the list: the order may be another now.</summary>
    public void Reconfigure(LaneOptions options)
    {
        Options = options;
        _order = OrderFor(options);
        _bids.Clear();
    }

    /// <summary>
    /// The group that gets the next places, or null. A group whose task is too heavy for what is free lets others pass, but
    /// not for ever: once it was overtaken as often as the lane is wide, places are saved up for it.
    /// </summary>
    public GroupLane? Pick()
    {
        var (first, fitting) = Look();
        if (first is null || fitting is null)
            return null;
        if (first == fitting)
            return fitting;
        if (first.Overtaken >= Width)
            return null;
        first.Overtaken++;
        return fitting;
    }

    /// <summary>Whether the free places are being saved up for a heavy task of another group, which was overtaken often enough.</summary>
    public bool IsSavingFrom(GroupLane? group) =>
        Look() is ({ } first, var fitting) && first != fitting && first != group && first.Overtaken >= Width;

    /// <summary>Whether some group's next task would fit into what is free.</summary>
    public bool HasFitting => Look().Fitting is not null;

    private (GroupLane? First, GroupLane? Fitting) Look()
    {
        GroupLane? first = null;
        GroupLane? fitting = null;
        if (Paused || Free <= 0)
            return (first, fitting);
        foreach (var (weight, set) in _bids)
        {
            if (set.Count == 0)
                continue;
            var best = set.Min!;
            if (first is null || _order.Compare(best, first) < 0)
                first = best;
            if (weight <= Free && (fitting is null || _order.Compare(best, fitting) < 0))
                fitting = best;
        }

        return (first, fitting);
    }

    private static IComparer<GroupLane> OrderFor(LaneOptions options) =>
        options.Fair ? LeastRunningFirst.Instance : BestTaskFirst.Instance;

    private sealed class LeastRunningFirst : IComparer<GroupLane>
    {
        public static LeastRunningFirst Instance { get; } = new();

        public int Compare(GroupLane? x, GroupLane? y)
        {
            // x.running / x.share against y.running / y.share, without fractions.
            var mine = (long)x!.RunningWeight * y!.Group.ShareWeight;
            var other = (long)y.RunningWeight * x.Group.ShareWeight;
            if (mine != other)
                return mine < other ? -1 : 1;
            if (x.Pass != y.Pass)
                return x.Pass < y.Pass ? -1 : 1;
            return x.LastStart != y.LastStart
                ? x.LastStart.CompareTo(y.LastStart)
                : x.Group.Ordinal.CompareTo(y.Group.Ordinal);
        }
    }

    private sealed class BestTaskFirst : IComparer<GroupLane>
    {
        public static BestTaskFirst Instance { get; } = new();

        public int Compare(GroupLane? x, GroupLane? y) => x!.BidRank.CompareTo(y!.BidRank);
    }
}
