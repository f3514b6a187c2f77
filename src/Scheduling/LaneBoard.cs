using System.Diagnostics.CodeAnalysis;

namespace AptTask.Scheduling;

/// <summary>
/// Places, pauses, caps and fair shares: which group gets the next free place. It sees the first task of each group's queues and
/// nothing behind it, and never decides which task of a group comes first.
/// </summary>
internal sealed partial class LaneBoard
{
    /// <summary>What one place adds to the pass of a group with share weight 1.</summary>
    private const long Stride = 1 << 20;

    private readonly Dictionary<LaneName, Lane> _lanes = [];
    private readonly Dictionary<string, Cap> _caps = [];
    private readonly Dictionary<GroupName, GroupPlaces> _groups = [];
    private readonly HashSet<GroupName> _pausedGroups = [];
    private readonly List<Lane> _touched = [];
    private SchedulerOptions _options;
    private long _groupOrdinal;
    private long _starts;
    private bool _draining;

    public LaneBoard(SchedulerOptions options)
    {
        _options = options;
        foreach (var (name, lane) in options.Lanes)
            _lanes.Add(name, new Lane(name, lane));
        foreach (var (name, limit) in options.Caps)
            _caps.Add(name, new Cap(name, limit));
    }

    public IEnumerable<Lane> Lanes => _lanes.Values;

    public IEnumerable<Cap> Caps => _caps.Values;

    public IEnumerable<GroupPlaces> Groups => _groups.Values;

    /// <summary>Nothing more is started anywhere.</summary>
    public bool Draining
    {
        get => _draining;
        set
        {
            _draining = value;
            foreach (var lane in _lanes.Values)
                Touch(lane);
        }
    }

    public Lane? Find(LaneName name) => _lanes.GetValueOrDefault(name);

    /// <summary>The lane that a restored task names; one that is in no configuration any more is there without places.</summary>
    public Lane FindOrKeep(LaneName name)
    {
        if (_lanes.TryGetValue(name, out var lane))
            return lane;
        lane = new Lane(name, new LaneOptions(1, Fair: true, [])) { IsVanished = true };
        _lanes.Add(name, lane);
        return lane;
    }

    /// <summary>The cap that a task counts against; null when it names none or that name has no limit.</summary>
    public Cap? CapOf(TaskSpec spec) => spec.Cap is { } name ? _caps.GetValueOrDefault(name) : null;

    public bool IsPaused(GroupName group) => _pausedGroups.Contains(group);

    public GroupPlaces Enter(GroupName name)
    {
        var group = new GroupPlaces(name, ++_groupOrdinal) { Paused = _pausedGroups.Contains(name) };
        TakeLimits(group);
        _groups.Add(name, group);
        return group;
    }

    public void Leave(GroupPlaces group) => _groups.Remove(group.Name);

    public void Pause(LaneName name, bool paused)
    {
        if (!_lanes.TryGetValue(name, out var lane))
            return;
        lane.Paused = paused;
        Touch(lane);
    }

    public void Pause(GroupName name, bool paused)
    {
        if (paused)
            _pausedGroups.Add(name);
        else
            _pausedGroups.Remove(name);
        if (!_groups.TryGetValue(name, out var group))
            return;
        group.Paused = paused;
        RefreshLanesOf(group);
    }

    /// <summary>
    /// The group that gets places now, or null when nothing more can start. Among lanes, the one that started something longer ago goes
    /// first: where a cap or the limit of a group spans lanes, none of them starves.
    /// </summary>
    public bool TryPick([NotNullWhen(true)] out GroupLane? picked)
    {
        while (_touched.Count > 0)
        {
            var at = 0;
            for (var i = 1; i < _touched.Count; i++)
            {
                if (IsBefore(_touched[i], _touched[at]))
                    at = i;
            }

            picked = _draining ? null : _touched[at].Pick();
            if (picked is not null)
                return true;
            _touched[at].IsTouched = false;
            _touched[at] = _touched[^1];
            _touched.RemoveAt(_touched.Count - 1);
        }

        picked = null;
        return false;
    }

    /// <summary>Gives places to a task.</summary>
    public void Take(GroupLane place, Cap? cap, int held)
    {
        var (lane, group) = (place.Lane, place.Group);
        var couldStart = group.MayStart;
        Unlist(place);
        lane.Used += held;
        lane.Running++;
        lane.LastStart = ++_starts;
        place.LastStart = _starts;
        place.RunningWeight += held;
        place.RunningTasks++;
        place.Overtaken = 0;
        lane.VirtualTime = Math.Max(lane.VirtualTime, place.Pass);
        place.Pass += Stride * held / group.ShareWeight;
        group.Running++;
        if (cap is not null && ++cap.Running == cap.Limit)
            RefreshQueuesOf(cap);
        if (couldStart != group.MayStart)
            RefreshLanesOf(group);
        else
            Refresh(place);
    }

    /// <summary>Takes the places back.</summary>
    public void Free(GroupLane place, Cap? cap, int held)
    {
        var (lane, group) = (place.Lane, place.Group);
        var couldStart = group.MayStart;
        Unlist(place);
        lane.Used -= held;
        lane.Running--;
        place.RunningWeight -= held;
        place.RunningTasks--;
        group.Running--;
        Touch(lane);
        if (cap is not null && cap.Running-- == cap.Limit)
            RefreshQueuesOf(cap);
        if (couldStart != group.MayStart)
            RefreshLanesOf(group);
        else
            Refresh(place);
    }

    /// <summary>Looks again at what a group wants in a lane. To be called whenever one of its queues has changed.</summary>
    public void Refresh(GroupLane place)
    {
        var bid = FindBid(place);
        if (bid is null)
        {
            // Places may have been saved up for what it no longer wants.
            if (place.Bid is not null)
                Touch(place.Lane);
            Unlist(place);
            place.IsActive = place.RunningTasks > 0 || place.Ready > 0;
            return;
        }

        if (!place.IsActive)
        {
            place.IsActive = true;
            place.Pass = Math.Max(place.Pass, place.Lane.VirtualTime);
        }

        var head = bid.Head;
        var (rank, weight) = (head.Rank, place.Lane.PlacesFor(head.Spec));
        if (place.Bid == bid && place.BidRank == rank && place.BidWeight == weight)
            return;
        Unlist(place);
        if (place.BidRank != rank)
            place.Overtaken = 0;
        (place.Bid, place.BidRank, place.BidWeight) = (bid, rank, weight);
        place.Lane.List(place);
        Touch(place.Lane);
    }

    /// <summary>
    /// Takes over new lanes, caps and limits. Nothing that runs is ended. The queues are the groups' matter: where the set of capped
    /// names changed, they sort their tasks anew.
    /// </summary>
    /// <returns>Whether the set of capped names changed.</returns>
    public bool Configure(SchedulerOptions options)
    {
        _options = options;
        foreach (var place in _groups.Values.SelectMany(group => group.Lanes))
            Unlist(place);
        foreach (var (name, lane) in options.Lanes)
        {
            if (!_lanes.TryGetValue(name, out var known))
                _lanes.Add(name, known = new Lane(name, lane));
            known.IsVanished = false;
            known.Reconfigure(lane);
        }

        foreach (var lane in _lanes.Values.Where(lane => !options.Lanes.ContainsKey(lane.Name)).ToList())
        {
            lane.IsVanished = true;
            lane.Reconfigure(lane.Options);
            DropIfGone(lane);
        }

        foreach (var group in _groups.Values)
            TakeLimits(group);
        return TakeCaps(options);
    }

    /// <summary>Lists all groups again, after <see cref="Configure"/>.</summary>
    public void RefreshAll()
    {
        foreach (var group in _groups.Values)
            RefreshLanesOf(group);
        foreach (var lane in _lanes.Values)
            Touch(lane);
    }

    /// <summary>Removes a lane that the configuration no longer has, when its last task is gone.</summary>
    public void DropIfGone(Lane lane)
    {
        if (!lane.IsVanished || lane.Unfinished > 0)
            return;
        lane.IsGone = true;
        _lanes.Remove(lane.Name);
        if (lane.IsTouched)
            _touched.Remove(lane);
        foreach (var group in _groups.Values)
            group.Lanes.RemoveAll(place => place.Lane == lane);
    }

    /// <summary>A group comes to a lane in which it had nothing.</summary>
    public static GroupLane Join(GroupPlaces group, Lane lane)
    {
        var place = new GroupLane(group, lane);
        group.Lanes.Add(place);
        return place;
    }

    /// <summary>Which queue of a group holds its next task: the best head among the queues whose cap is not full.</summary>
    public static ReadyQueue? FindBid(GroupLane place)
    {
        if (!place.Group.MayStart)
            return null;
        ReadyQueue? best = null;
        foreach (var queue in place.Queues)
        {
            if (
                queue.Count > 0
                && queue.Cap is not { IsFull: true }
                && (best is null || queue.Head.Rank < best.Head.Rank)
            )
                best = queue;
        }

        return best;
    }

    public GroupLimits? LimitsOf(GroupName name)
    {
        foreach (var limits in _options.Groups)
        {
            if (NamePattern.IsMatch(limits.Pattern, name.Value))
                return limits;
        }

        return null;
    }

    private static bool IsBefore(Lane lane, Lane other) =>
        lane.LastStart != other.LastStart
            ? lane.LastStart < other.LastStart
            : string.CompareOrdinal(lane.Name.Value, other.Name.Value) < 0;

    private static void Unlist(GroupLane place)
    {
        if (place.Bid is null)
            return;
        place.Lane.Unlist(place);
        place.Bid = null;
    }

    private void TakeLimits(GroupPlaces group)
    {
        var limits = LimitsOf(group.Name);
        group.ShareWeight = Math.Max(1, limits?.Weight ?? 1);
        group.RunningLimit = limits?.Running;
    }

    private bool TakeCaps(SchedulerOptions options)
    {
        var sameNames = _caps.Count == options.Caps.Count && _caps.Keys.All(options.Caps.ContainsKey);
        if (!sameNames)
            _caps.Clear();
        foreach (var (name, limit) in options.Caps)
        {
            if (_caps.TryGetValue(name, out var cap))
                cap.Limit = limit;
            else
                _caps.Add(name, new Cap(name, limit));
        }

        return !sameNames;
    }

    private void Touch(Lane lane)
    {
        if (lane.IsTouched)
            return;
        lane.IsTouched = true;
        _touched.Add(lane);
    }

    private void RefreshLanesOf(GroupPlaces group)
    {
        foreach (var place in group.Lanes)
            Refresh(place);
    }

    private void RefreshQueuesOf(Cap cap)
    {
        foreach (var queue in cap.Queues)
            Refresh(queue.Owner);
    }
}
