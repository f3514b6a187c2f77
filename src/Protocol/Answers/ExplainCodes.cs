namespace AptTask.Protocol;

/// <summary>The values of <c>why</c>. Clients compare them, so none is ever renamed.</summary>
public static class ExplainCodes
{
    /// <summary>It waits for a job.</summary>
    public const string Dependency = "dependency";

    /// <summary>It waits for a job that nobody has submitted.</summary>
    public const string NeverSubmitted = "never_submitted";

    /// <summary>It is not due.</summary>
    public const string NotDue = "not_due";

    /// <summary>Its last attempt failed and the next is due later.</summary>
    public const string BackingOff = "backing_off";

    /// <summary>The lane has too few free places.</summary>
    public const string LaneFull = "lane_full";

    /// <summary>Tasks of its group come first.</summary>
    public const string Behind = "behind";

    /// <summary>The lane is paused.</summary>
    public const string LanePaused = "lane_paused";

    /// <summary>The group is paused.</summary>
    public const string GroupPaused = "group_paused";

    /// <summary>The daemon starts nothing more.</summary>
    public const string Draining = "draining";

    /// <summary>The group runs as many tasks as it may.</summary>
    public const string GroupLimit = "group_limit";

    /// <summary>The routine runs as often as it may.</summary>
    public const string RoutineLimit = "routine_limit";

    /// <summary>No worker can take it.</summary>
    public const string NoWorker = "no_worker";

    /// <summary>Nothing holds it up: it runs.</summary>
    public const string Running = "running";

    /// <summary>It is final.</summary>
    public const string Final = "final";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Dependency,
        NeverSubmitted,
        NotDue,
        BackingOff,
        LaneFull,
        Behind,
        LanePaused,
        GroupPaused,
        Draining,
        GroupLimit,
        RoutineLimit,
        NoWorker,
        Running,
        Final,
    ];
}
