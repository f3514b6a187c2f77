using AptTask.Host.Engine;
using AptTask.Protocol;
using AptTask.Scheduling;

namespace AptTask.Host.Requests;

/// <summary>Who asks, for which group, and where the answer goes.</summary>
/// <param name="Session">The connection.</param>
/// <param name="Requester">Who asks.</param>
/// <param name="Named">The group that the request names; null when it names none.</param>
internal sealed record RequestContext(Session Session, Requester Requester, GroupName? Named)
{
    /// <summary>The group that new tasks go to and job ids are looked up in.</summary>
    public GroupName Home =>
        Named
        ?? Requester.OwnGroup
        ?? (
            Requester.Role == Role.Admin
                ? new GroupName(Requester.DefaultGroup)
                : throw new RequestException(
                    ErrorCodes.BadRequest,
                    $"This key speaks for several groups ({string.Join(", ", Requester.Groups)}): say which one as `group`."
                )
        );

    /// <summary>The group that is looked at; null for all of them, which only an administrator may.</summary>
    public GroupName? Scope => Requester.Role == Role.Admin ? Named : Home;

    /// <summary>Done once the answer has its place in the outbox: events may follow it.</summary>
    public Action? AfterAnswer { get; set; }

    /// <summary>Ends when the events that follow the answer do; null when none follow, or they have no end.</summary>
    public Task? Stream { get; set; }

    /// <summary>The task that a request names.</summary>
    public TaskReference TaskOf(INamesTask request) =>
        (request.TaskId, request.JobId) switch
        {
            ({ } task, null) => new TaskReference(Scope, new TaskId(task), null),
            (null, { } job) => new TaskReference(Home, null, new JobId(job)),
            _ => throw new RequestException(
                ErrorCodes.BadRequest,
                "Name the task by `taskid` or by `jobid`, one of them."
            ),
        };
}
