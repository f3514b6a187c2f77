namespace AptTask.Host.Execution.Sandbox;

/// <summary>
/// Knows which processes are under way, and so to whom an orphan belongs. An orphan that has also thrown away its environment
/// and its session cannot be told apart; it is ended when the last of those that ran when it was first seen has ended.
/// </summary>
internal sealed class StrayRegister
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _roots = new(StringComparer.Ordinal);
    private readonly Dictionary<int, HashSet<string>> _unclaimed = [];
    private readonly Dictionary<int, FenceUsage> _reaped = [];

    /// <summary>Takes in a process that was started with a mark, in a session of its own.</summary>
    public void Add(string mark, int root)
    {
        lock (_gate)
            _roots[mark] = root;
    }

    /// <summary>
    /// Ends everything that a process left behind and does not come back before it is gone. The process itself has ended.
    /// </summary>
    /// <param name="mark">Its mark.</param>
    /// <param name="root">The process.</param>
    /// <param name="inside">The first process within its namespaces, with which everything in them ends; null without.</param>
    /// <param name="group">The kernel's group of all that it started; null without.</param>
    /// <returns>What was used in the namespaces, if it could be measured.</returns>
    public async Task<FenceUsage> ClearAsync(string mark, int root, int? inside = null, AttemptGroup? group = null)
    {
        // Waits for the kernel to finish what it was told, so it is the real clock, and bounded for what cannot die.
        const int rounds = 400;
        for (var round = 0; round < rounds; round++)
        {
            // The number of a group is not given anew while the group has members, so this cannot hit another's.
            var isGroupThere = Native.Signal(-root, Native.SignalKill);
            var isAnyInGroup = group?.Kill() ?? false;
            // Nothing leaves its namespaces, so there is nobody else to look for.
            var strays = inside is null ? Strays(mark, root) : [];
            foreach (var pid in strays.SelectMany(ProcessTable.Tree).Distinct())
                Native.Signal(pid, Native.SignalKill);
            strays.RemoveAll(Reap);
            var isInsideThere = inside is { } first && EndInside(first);
            if (!isGroupThere && strays.Count == 0 && !isInsideThere && !isAnyInGroup)
                break;
            if (round > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(round, 10)), TimeProvider.System);
        }
        lock (_gate)
        {
            _roots.Remove(mark);
            foreach (var candidates in _unclaimed.Values)
                candidates.Remove(mark);
            var usage = inside is { } first && _reaped.Remove(first, out var measured) ? measured : FenceUsage.Unknown;
            // What was reaped and is not asked for was no first process of namespaces.
            if (_roots.Count == 0)
                _reaped.Clear();
            return usage;
        }
    }

    /// <summary>Ends the first process of namespaces. Answers whether it is still there; it is ours since its parent has ended.</summary>
    private bool EndInside(int inside)
    {
        lock (_gate)
        {
            if (_reaped.ContainsKey(inside))
                return false;
        }
        if (ProcessTable.Find(inside)?.Parent != Environment.ProcessId)
            return false;
        Native.Signal(inside, Native.SignalKill);
        return !Reap(inside);
    }

    /// <summary>Any run may find the dead of another first; what they have used is kept for that one.</summary>
    private bool Reap(int pid)
    {
        // More than can run at once; what is older was no first process of namespaces.
        const int enough = 4096;
        lock (_gate)
        {
            if (Native.Reap(pid) is not { } usage)
                return false;
            if (_reaped.Count >= enough)
                _reaped.Clear();
            _reaped[pid] = usage;
            return true;
        }
    }

    private List<int> Strays(string mark, int root)
    {
        var orphans = ProcessTable.Orphans();
        if (orphans.Count == 0)
            return orphans;
        lock (_gate)
        {
            foreach (var gone in _unclaimed.Keys.Except(orphans).ToArray())
                _unclaimed.Remove(gone);
            return orphans.FindAll(orphan => BelongsTo_NeedsLock(orphan, mark, root));
        }
    }

    private bool BelongsTo_NeedsLock(int orphan, string mark, int root)
    {
        // Whoever shares the daemon's session was started by the daemon in another way: a command has left that session
        // for good before its first instruction.
        if (ProcessTable.Find(orphan) is not { } row || row.Session == ProcessTable.OwnSession)
            return false;
        if (row.Session == root || row.HasEnded)
            return true;
        if (_roots.ContainsValue(row.Session) || _roots.ContainsValue(orphan))
            return false;
        if (ProcessTable.Variable(orphan, Spawner.MarkVariable) is { } its)
            return its == mark
                || (!_roots.ContainsKey(its) && its.StartsWith(mark[..mark.IndexOf('.')], StringComparison.Ordinal));
        if (!_unclaimed.TryGetValue(orphan, out var candidates))
            candidates = _unclaimed[orphan] = [.. _roots.Keys];
        return candidates.Count == 0 || (candidates.Count == 1 && candidates.Contains(mark));
    }
}
