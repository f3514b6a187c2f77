using static AptTask.Protocol.FieldTable;

namespace AptTask.Protocol;

/// <summary>The table of all requests: which fields each may have and how it is made from them.</summary>
internal static class RequestShapes
{
    private const double LongestSeconds = 366 * 24 * 3600;

    private static readonly RequestShape[] Shapes =
    [
        new(
            RequestNames.Hello,
            0,
            static (ref _, in common) =>
                new HelloRequest
                {
                    Id = common.Id,
                    Key = common.Key,
                    Group = common.Group,
                }
        ),
        new(
            RequestNames.Index,
            0,
            static (ref _, in common) =>
                new IndexRequest
                {
                    Id = common.Id,
                    Key = common.Key,
                    Group = common.Group,
                }
        ),
        new(RequestNames.Start, TaskOrders.Fields | SetOf(Field.OnFull, Field.Strict), Start),
        new(RequestNames.Submit, SetOf(Field.Tasks, Field.OnFull, Field.Strict), Submit),
        new(RequestNames.Stop, SetOf(Field.TaskId, Field.JobId, Field.Force), Stop),
        new(
            RequestNames.Active,
            0,
            static (ref _, in common) =>
                new ActiveRequest
                {
                    Id = common.Id,
                    Key = common.Key,
                    Group = common.Group,
                }
        ),
        new(
            RequestNames.Tasks,
            SetOf(
                Field.State,
                Field.Routine,
                Field.JobIdPrefix,
                Field.CreatedAfter,
                Field.CreatedBefore,
                Field.Limit,
                Field.Cursor
            ),
            Tasks
        ),
        new(RequestNames.Status, SetOf(Field.TaskId, Field.JobId), Status),
        new(RequestNames.Explain, SetOf(Field.TaskId, Field.JobId), Explain),
        new(
            RequestNames.Wait,
            SetOf(Field.TaskId, Field.TaskIds, Field.JobId, Field.JobIds, Field.Any, Field.TimeoutSeconds),
            Wait
        ),
        new(RequestNames.Watch, SetOf(Field.TaskId, Field.JobId, Field.From), Watch),
        new(RequestNames.Log, SetOf(Field.TaskId, Field.JobId, Field.Offset, Field.Limit, Field.Follow), Log),
        new(RequestNames.Result, SetOf(Field.TaskId, Field.JobId), Result),
        new(RequestNames.Ack, SetOf(Field.TaskId, Field.JobId, Field.TaskIds), Ack),
        new(
            RequestNames.Reload,
            0,
            static (ref _, in common) =>
                new ReloadRequest
                {
                    Id = common.Id,
                    Key = common.Key,
                    Group = common.Group,
                }
        ),
        new(
            RequestNames.Stats,
            0,
            static (ref _, in common) =>
                new StatsRequest
                {
                    Id = common.Id,
                    Key = common.Key,
                    Group = common.Group,
                }
        ),
        new(
            RequestNames.Workers,
            0,
            static (ref _, in common) =>
                new WorkersRequest
                {
                    Id = common.Id,
                    Key = common.Key,
                    Group = common.Group,
                }
        ),
        new(
            RequestNames.Lanes,
            0,
            static (ref _, in common) =>
                new LanesRequest
                {
                    Id = common.Id,
                    Key = common.Key,
                    Group = common.Group,
                }
        ),
        new(
            RequestNames.Groups,
            0,
            static (ref _, in common) =>
                new GroupsRequest
                {
                    Id = common.Id,
                    Key = common.Key,
                    Group = common.Group,
                }
        ),
        new(RequestNames.Pause, SetOf(Field.Lane), Pause),
        new(RequestNames.Resume, SetOf(Field.Lane), Resume),
        new(
            RequestNames.Drain,
            SetOf(Field.On, Field.Worker),
            static (ref fields, in common) =>
                new DrainRequest
                {
                    Id = common.Id,
                    Key = common.Key,
                    Group = common.Group,
                    On = fields.Flag(Field.On, otherwise: true),
                    Worker = fields.NameText(Field.Worker),
                }
        ),
        new(RequestNames.Forget, SetOf(Field.OlderThanSeconds), Forget),
        new(
            RequestNames.Kill,
            0,
            static (ref _, in common) =>
                new KillRequest
                {
                    Id = common.Id,
                    Key = common.Key,
                    Group = common.Group,
                }
        ),
        new(
            RequestNames.Shutdown,
            SetOf(Field.GraceSeconds),
            static (ref fields, in common) =>
                new ShutdownRequest
                {
                    Id = common.Id,
                    Key = common.Key,
                    Group = common.Group,
                    GraceSeconds = fields.Number(Field.GraceSeconds, 0, LongestSeconds, " of seconds"),
                }
        ),
    ];

    private static readonly Dictionary<string, RequestShape> ByName = Shapes.ToDictionary(shape => shape.Name);

    /// <summary>All of them, in the order of the protocol's description.</summary>
    public static IReadOnlyList<RequestShape> All => Shapes;

    /// <summary>The request of that name.</summary>
    public static RequestShape? Find(string name) => ByName.GetValueOrDefault(name);

    private static StartRequest Start(ref FieldReader fields, in CommonFields common) =>
        new()
        {
            Id = common.Id,
            Key = common.Key,
            Group = common.Group,
            Task = TaskOrders.Build(ref fields),
            OnFull = OnFullOf(ref fields, common.Id),
            Strict = fields.Flag(Field.Strict),
        };

    private static SubmitRequest Submit(ref FieldReader fields, in CommonFields common) =>
        new()
        {
            Id = common.Id,
            Key = common.Key,
            Group = common.Group,
            Tasks = TaskOrders.ReadList(ref fields),
            OnFull = OnFullOf(ref fields, common.Id),
            Strict = fields.Flag(Field.Strict),
        };

    private static StopRequest Stop(ref FieldReader fields, in CommonFields common)
    {
        var (task, job) = OneTask(ref fields);
        return new()
        {
            Id = common.Id,
            Key = common.Key,
            Group = common.Group,
            TaskId = task,
            JobId = job,
            Force = fields.Flag(Field.Force),
        };
    }

    private static TasksRequest Tasks(ref FieldReader fields, in CommonFields common) =>
        new()
        {
            Id = common.Id,
            Key = common.Key,
            Group = common.Group,
            States = fields.States(Field.State),
            Routine = fields.NameText(Field.Routine),
            JobIdPrefix = fields.NameText(Field.JobIdPrefix),
            CreatedAfter = fields.Instant(Field.CreatedAfter),
            CreatedBefore = fields.Instant(Field.CreatedBefore),
            Limit = (int?)fields.Integer(Field.Limit, 1, TasksRequest.PageLimit),
            Cursor = fields.NameText(Field.Cursor),
        };

    private static StatusRequest Status(ref FieldReader fields, in CommonFields common)
    {
        var (task, job) = OneTask(ref fields);
        return new()
        {
            Id = common.Id,
            Key = common.Key,
            Group = common.Group,
            TaskId = task,
            JobId = job,
        };
    }

    private static ExplainRequest Explain(ref FieldReader fields, in CommonFields common)
    {
        var (task, job) = OneTask(ref fields);
        return new()
        {
            Id = common.Id,
            Key = common.Key,
            Group = common.Group,
            TaskId = task,
            JobId = job,
        };
    }

    private static WaitRequest Wait(ref FieldReader fields, in CommonFields common)
    {
        if (
            !(
                fields.Has(Field.TaskId)
                || fields.Has(Field.TaskIds)
                || fields.Has(Field.JobId)
                || fields.Has(Field.JobIds)
            )
        )
            fields.FailRule("Say what to wait for: `taskid`, `taskids`, `jobid` or `jobids`.");
        var tasks = fields.TaskNumbers(Field.TaskIds, WaitRequest.TaskLimit);
        var jobs = fields.Names(Field.JobIds, WaitRequest.TaskLimit);
        return new()
        {
            Id = common.Id,
            Key = common.Key,
            Group = common.Group,
            TaskIds = TaskNumber(ref fields) is { } task ? [task, .. tasks] : tasks,
            JobIds = fields.NameText(Field.JobId) is { } job ? [job, .. jobs] : jobs,
            Any = fields.Flag(Field.Any),
            TimeoutSeconds = fields.Number(Field.TimeoutSeconds, 0, LongestSeconds, " of seconds"),
        };
    }

    private static WatchRequest Watch(ref FieldReader fields, in CommonFields common)
    {
        NotBoth(ref fields);
        return new()
        {
            Id = common.Id,
            Key = common.Key,
            Group = common.Group,
            TaskId = TaskNumber(ref fields),
            JobId = fields.NameText(Field.JobId),
            From = fields.Integer(Field.From, 1, long.MaxValue),
        };
    }

    private static LogRequest Log(ref FieldReader fields, in CommonFields common)
    {
        var (task, job) = OneTask(ref fields);
        return new()
        {
            Id = common.Id,
            Key = common.Key,
            Group = common.Group,
            TaskId = task,
            JobId = job,
            Offset = fields.Integer(Field.Offset, 0, long.MaxValue),
            Limit = (int?)fields.Integer(Field.Limit, 1, WireLimits.LineBytes),
            Follow = fields.Flag(Field.Follow),
        };
    }

    private static ResultRequest Result(ref FieldReader fields, in CommonFields common)
    {
        var (task, job) = OneTask(ref fields);
        return new()
        {
            Id = common.Id,
            Key = common.Key,
            Group = common.Group,
            TaskId = task,
            JobId = job,
        };
    }

    private static AckRequest Ack(ref FieldReader fields, in CommonFields common)
    {
        var several = fields.TaskNumbers(Field.TaskIds, AckRequest.TaskLimit);
        if (fields.Has(Field.TaskIds) && (fields.Has(Field.TaskId) || fields.Has(Field.JobId)))
            fields.FailRule("Name the task by `taskid` or `jobid`, or several by `taskids`; not both.");
        var (task, job) = fields.Has(Field.TaskIds) ? (null, null) : OneTask(ref fields);
        return new()
        {
            Id = common.Id,
            Key = common.Key,
            Group = common.Group,
            TaskId = task,
            JobId = job,
            TaskIds = several,
        };
    }

    private static PauseRequest Pause(ref FieldReader fields, in CommonFields common) =>
        new()
        {
            Id = common.Id,
            Key = common.Key,
            Group = common.Group,
            Lane = LaneOrGroup(ref fields),
        };

    private static ResumeRequest Resume(ref FieldReader fields, in CommonFields common) =>
        new()
        {
            Id = common.Id,
            Key = common.Key,
            Group = common.Group,
            Lane = LaneOrGroup(ref fields),
        };

    private static ForgetRequest Forget(ref FieldReader fields, in CommonFields common)
    {
        if (!fields.Has(Field.OlderThanSeconds))
            fields.Missing(Field.OlderThanSeconds, "a number of seconds; 0 drops every kept result");
        return new()
        {
            Id = common.Id,
            Key = common.Key,
            Group = common.Group,
            OlderThanSeconds = fields.Number(Field.OlderThanSeconds, 0, 100 * LongestSeconds, " of seconds") ?? 0,
        };
    }

    private static OnFull OnFullOf(ref FieldReader fields, RequestId id)
    {
        var value =
            fields.Word<OnFull>(Field.OnFull, [("refuse", OnFull.Refuse), ("wait", OnFull.Wait)]) ?? OnFull.Refuse;
        if (value == OnFull.Wait && !id.IsGiven)
            fields.FailRule("`on_full`: \"wait\" needs an `id`: its answer may come after those of later requests.");
        return value;
    }

    private static (long? Task, string? Job) OneTask(ref FieldReader fields)
    {
        NotBoth(ref fields);
        if (!fields.Has(Field.TaskId) && !fields.Has(Field.JobId))
            fields.FailRule("Say which task is meant: `taskid` or `jobid`.");
        return (TaskNumber(ref fields), fields.NameText(Field.JobId));
    }

    private static void NotBoth(ref FieldReader fields)
    {
        if (fields.Has(Field.TaskId) && fields.Has(Field.JobId))
            fields.FailRule("Name the task by `taskid` or by `jobid`, not by both.");
    }

    private static long? TaskNumber(ref FieldReader fields) => fields.Integer(Field.TaskId, 1, long.MaxValue);

    private static string? LaneOrGroup(ref FieldReader fields)
    {
        if (fields.Has(Field.Lane) == fields.Has(Field.Group))
            fields.FailRule("Say what is meant: `lane` or `group`, one of the two.");
        return fields.NameText(Field.Lane);
    }
}
