namespace AptTask.Protocol;

/// <summary>The codes of error answers. Clients compare them, so none is ever renamed; the texts beside them may change.</summary>
public static class ErrorCodes
{
    /// <summary>The line is not one strict JSON object.</summary>
    public const string BadJson = "bad_json";

    /// <summary>The line is not UTF-8.</summary>
    public const string BadUtf8 = "bad_utf8";

    /// <summary>A field is missing, or has a type or value that it may not have.</summary>
    public const string BadRequest = "bad_request";

    /// <summary>There is no such request.</summary>
    public const string UnknownRequest = "unknown_request";

    /// <summary>The request has no such field.</summary>
    public const string UnknownField = "unknown_field";

    /// <summary>The line is longer than this connection may send; the connection closes.</summary>
    public const string LineTooLong = "line_too_long";

    /// <summary>No key, or not a valid one.</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>The key may not do this.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>There is no such task or job in the groups of the key.</summary>
    public const string NotFound = "not_found";

    /// <summary>There is no such routine, or the key may not use it.</summary>
    public const string UnknownRoutine = "unknown_routine";

    /// <summary>The rules of the administrator do not allow it.</summary>
    public const string NotAllowed = "not_allowed";

    /// <summary>An argument of the routine is missing or does not hold.</summary>
    public const string BadArgument = "bad_argument";

    /// <summary>The routine has no such argument.</summary>
    public const string UnknownArgument = "unknown_argument";

    /// <summary>A value is larger than it may be.</summary>
    public const string TooLarge = "too_large";

    /// <summary>The jobs would wait for one another for ever.</summary>
    public const string Cycle = "cycle";

    /// <summary>With strict: nobody has submitted the job that is waited for.</summary>
    public const string UnknownJob = "unknown_job";

    /// <summary>The job id belongs to another task.</summary>
    public const string JobIdTaken = "jobid_taken";

    /// <summary>There is no such lane, or the task may not use it, or needs more places than it has.</summary>
    public const string BadLane = "bad_lane";

    /// <summary>The group has as many pending tasks as it may have.</summary>
    public const string QueueFull = "queue_full";

    /// <summary>The group has as many live tasks and kept results as it may have: acknowledge some.</summary>
    public const string ResultQuota = "result_quota";

    /// <summary>The fence that the command asks for cannot be built on this machine.</summary>
    public const string SandboxUnavailable = "sandbox_unavailable";

    /// <summary>No worker can run it.</summary>
    public const string NoWorker = "no_worker";

    /// <summary>The task is not final yet.</summary>
    public const string NotFinished = "not_finished";

    /// <summary>The events that were asked for are no longer kept.</summary>
    public const string EventsGone = "events_gone";

    /// <summary>It speaks of an attempt that is no longer the current one.</summary>
    public const string Stale = "stale";

    /// <summary>The daemon is ending.</summary>
    public const string ShuttingDown = "shutting_down";

    /// <summary>Too much at once: try again later.</summary>
    public const string Busy = "busy";

    /// <summary>A fault of the daemon.</summary>
    public const string Internal = "internal";

    /// <summary>Every code, in the order of the table in the protocol's description.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        BadJson,
        BadUtf8,
        BadRequest,
        UnknownRequest,
        UnknownField,
        LineTooLong,
        Unauthenticated,
        Forbidden,
        NotFound,
        UnknownRoutine,
        NotAllowed,
        BadArgument,
        UnknownArgument,
        TooLarge,
        Cycle,
        UnknownJob,
        JobIdTaken,
        BadLane,
        QueueFull,
        ResultQuota,
        SandboxUnavailable,
        NoWorker,
        NotFinished,
        EventsGone,
        Stale,
        ShuttingDown,
        Busy,
        Internal,
    ];
}
