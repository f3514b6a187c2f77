namespace AptTask.Protocol;

/// <summary>The names of states in answers and events. Clients compare them, so none is ever renamed.</summary>
public static class TaskStates
{
    /// <summary>Some dependencies are open, or it is not due yet.</summary>
    public const string Waiting = "waiting";

    /// <summary>Waits for a place.</summary>
    public const string Ready = "ready";

    /// <summary>An attempt is under way.</summary>
    public const string Running = "running";

    /// <summary>Between two attempts.</summary>
    public const string BackingOff = "backing_off";

    /// <summary>Final: succeeded.</summary>
    public const string Done = "done";

    /// <summary>Final: failed.</summary>
    public const string Failed = "failed";

    /// <summary>Final: never ran.</summary>
    public const string Skipped = "skipped";

    /// <summary>Final: was stopped.</summary>
    public const string Stopped = "stopped";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [Waiting, Ready, Running, BackingOff, Done, Failed, Skipped, Stopped];

    /// <summary>Whether nothing more happens to a task in this state.</summary>
    public static bool IsFinal(string state) => state is Done or Failed or Skipped or Stopped;
}
