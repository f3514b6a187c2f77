namespace AptTask.Protocol;

/// <summary>The names of all requests.</summary>
public static class RequestNames
{
    /// <summary>Says who is there; authenticates the connection.</summary>
    public const string Hello = "hello";

    /// <summary>Lists routines.</summary>
    public const string Index = "index";

    /// <summary>Submits one task.</summary>
    public const string Start = "start";

    /// <summary>Submits many tasks, all or none.</summary>
    public const string Submit = "submit";

    /// <summary>Stops a task.</summary>
    public const string Stop = "stop";

    /// <summary>Lists tasks that are not final.</summary>
    public const string Active = "active";

    /// <summary>Lists tasks by filter, page by page.</summary>
    public const string Tasks = "tasks";

    /// <summary>Shows one task whole.</summary>
    public const string Status = "status";

    /// <summary>Says why a task is not running.</summary>
    public const string Explain = "explain";

    /// <summary>Waits for tasks to end.</summary>
    public const string Wait = "wait";

    /// <summary>Follows events.</summary>
    public const string Watch = "watch";

    /// <summary>Reads or follows a worklog.</summary>
    public const string Log = "log";

    /// <summary>Fetches a result.</summary>
    public const string Result = "result";

    /// <summary>Acknowledges a result.</summary>
    public const string Ack = "ack";

    /// <summary>Admin: takes in new routines and configuration.</summary>
    public const string Reload = "reload";

    /// <summary>Admin: counts and measures.</summary>
    public const string Stats = "stats";

    /// <summary>Admin: lists workers.</summary>
    public const string Workers = "workers";

    /// <summary>Admin: lists lanes.</summary>
    public const string Lanes = "lanes";

    /// <summary>Admin: lists groups.</summary>
    public const string Groups = "groups";

    /// <summary>Admin: starts nothing more in a lane or of a group.</summary>
    public const string Pause = "pause";

    /// <summary>Admin: takes a pause back.</summary>
    public const string Resume = "resume";

    /// <summary>Admin: starts nothing more anywhere.</summary>
    public const string Drain = "drain";

    /// <summary>Admin: drops kept results by age.</summary>
    public const string Forget = "forget";

    /// <summary>Admin: ends every worker and its processes by force.</summary>
    public const string Kill = "kill";

    /// <summary>Admin: ends the daemon.</summary>
    public const string Shutdown = "shutdown";

    /// <summary>Requests that a user may send, in the order of the protocol's description.</summary>
    public static IReadOnlyList<string> User { get; } =
    [Hello, Index, Start, Submit, Stop, Active, Tasks, Status, Explain, Wait, Watch, Log, Result, Ack];

    /// <summary>Requests that need the role of an administrator.</summary>
    public static IReadOnlyList<string> Admin { get; } =
    [Reload, Stats, Workers, Lanes, Groups, Pause, Resume, Drain, Forget, Kill, Shutdown];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. User, .. Admin];
}
