using System.Collections.Immutable;
using System.Text.Json;
using AptTask.Host.Configuration;
using AptTask.Host.Engine;
using AptTask.Host.Output;
using AptTask.Protocol;
using AptTask.Scheduling;

namespace AptTask.Host.Requests;

/// <summary>What clients see of tasks and results. The types of the core never go out themselves: a renaming there breaks no client.</summary>
internal sealed class Views(IRoutineCatalogue catalogue, TaskLimits limits)
{
    private const string Masked = "***";

    /// <summary>A task, whole.</summary>
    public TaskView TaskOf(TaskSnapshot task) =>
        new()
        {
            TaskId = task.Spec.Id.Value,
            JobId = task.Spec.Job?.Value,
            Group = task.Spec.Group.Value,
            Routine = task.Order.Routine,
            Arguments = ArgumentsOf(task.Order),
            WaitFor = task.Spec.WaitFor.IsEmpty ? null : [.. task.Spec.WaitFor.Select(WaitForOf)],
            Priority = task.Spec.Priority,
            Lane = task.Spec.Lane.Value,
            Weight = task.Spec.Weight,
            State = StateNames.Of(task.State),
            Reason = StateNames.ReasonOf(task.State),
            Chain = ChainOf(task.State),
            Stopping = task.State is TaskState.Running { Stopping: not null },
            Attempt = StateNames.AttemptOf(task.State),
            Attempts = task.Spec.Retry.Attempts,
            Created = task.Created,
            Started = task.Started,
            Finished = task.Finished,
            Due = task.State is TaskState.BackingOff backingOff ? backingOff.Due : null,
            NotBefore = task.Spec.NotBefore,
            Deadline = task.Spec.Deadline,
            TimeoutSeconds = task.Spec.Timeout?.TotalSeconds,
            Unique = task.Spec.Unique,
            Keep = KeepOf(task.Order.Keep),
            ExitCode = task.ExitCode,
            Progress = task.Progress,
            Message = task.Message,
        };

    /// <summary>A row of <c>active</c>.</summary>
    public static ActiveRow RowOf(TaskSnapshot task) =>
        new()
        {
            TaskId = task.Spec.Id.Value,
            JobId = task.Spec.Job?.Value,
            Group = task.Spec.Group.Value,
            Routine = task.Order.Routine,
            State = StateNames.Of(task.State),
            Status = task.State is TaskState.Running ? 1 : 0,
            Position = task.Position ?? 0,
            Progress = task.Progress,
            Message = task.Message,
            Stopping = task.State is TaskState.Running { Stopping: not null },
        };

    /// <summary>A task that was waited for.</summary>
    public static WaitedTask WaitedOf(TaskSnapshot task) =>
        new(task.Spec.Id.Value, StateNames.Of(task.State))
        {
            JobId = task.Spec.Job?.Value,
            Reason = StateNames.ReasonOf(task.State),
            ExitCode = task.ExitCode,
        };

    /// <summary>A result.</summary>
    public ResultView ResultOf(TaskResult result)
    {
        var task = result.Task;
        return new ResultView
        {
            TaskId = task.Spec.Id.Value,
            JobId = task.Spec.Job?.Value,
            Routine = task.Order.Routine,
            State = StateNames.Of(task.State),
            Reason = StateNames.ReasonOf(task.State),
            Chain = ChainOf(task.State),
            Attempt = StateNames.AttemptOf(task.State),
            ExitCode = task.ExitCode,
            Started = task.Started,
            Finished = task.Finished,
            Report = task.Progress is null && task.Message is null ? null : new ReportView(task.Progress, task.Message),
            Data = result.Data.IsEmpty ? null : Parse(result.Data),
            Posted =
                result.Posted.Count == 0
                    ? null
                    : result.Posted.ToDictionary(entry => entry.Name, entry => Parse(entry.Data)),
            Worklog = result.WorkLog.IsEmpty ? null : TailOf(result.WorkLog),
            Usage = result.Usage is { } usage
                ? new UsageView(usage.CpuSeconds, usage.PeakMemoryBytes, usage.OutputBytes)
                : null,
        };
    }

    /// <summary>Pieces of a worklog as entries.</summary>
    public static IReadOnlyList<LogEntry> EntriesOf(IEnumerable<WorkLogPiece> pieces) =>
        [.. pieces.Select(piece => new LogEntry(piece.Offset, piece.Stream, WorkLogReading.TextOf(piece), piece.At))];

    /// <summary>A routine.</summary>
    public static RoutineView RoutineOf(RoutineDescriptor routine) =>
        new()
        {
            Name = routine.Name,
            Kind = routine.Kind.ToString().ToLowerInvariant(),
            Help = routine.Help,
            Origin = routine.Origin,
            Lane = routine.Policy.Lane ?? LaneEntry.Default,
            Lanes = routine.Policy.Lanes.IsEmpty ? null : routine.Policy.Lanes,
            Weight = routine.Policy.Weight == 1 ? null : routine.Policy.Weight,
            TimeoutSeconds = routine.Policy.Timeout?.TotalSeconds,
            Idempotent = routine.Policy.Idempotent ? true : null,
            Arguments = [.. routine.Parameters.Select(ArgumentOf)],
            Unavailable = routine.Unavailable ?? routine.Trouble,
        };

    /// <summary>An event, for the one who watches under this id.</summary>
    public static WireEvent EventOf(TaskEvent happened, RequestId id) =>
        happened switch
        {
            TaskEvent.State state => new StateEvent
            {
                Id = id,
                Seq = state.Sequence,
                At = state.At,
                Group = happened.Group.Value,
                TaskId = state.Task.Value,
                JobId = state.Job?.Value,
                State = StateNames.Of(state.Now),
                Reason = StateNames.ReasonOf(state.Now),
                Attempt = StateNames.AttemptOf(state.Now) is var attempt and > 0 ? attempt : null,
                Stopping = state.Now is TaskState.Running { Stopping: not null },
            },
            TaskEvent.Report report => new ReportEvent
            {
                Id = id,
                At = report.At,
                Group = happened.Group.Value,
                TaskId = report.Task.Value,
                JobId = report.Job?.Value,
                Progress = report.Progress,
                Message = report.Message,
            },
            TaskEvent.Posted posted => new PostedEvent
            {
                Id = id,
                Seq = posted.Sequence,
                At = posted.At,
                Group = happened.Group.Value,
                TaskId = posted.Task.Value,
                JobId = posted.Job?.Value,
                Name = posted.Name,
                Data = Parse(posted.Value),
            },
            _ => throw new System.Diagnostics.UnreachableException($"No event for {happened.GetType().Name}."),
        };

    private IReadOnlyList<LogEntry> TailOf(ReadOnlyMemory<byte> content)
    {
        var pieces = WorkLogCode.Read(content);
        var end = pieces.Count == 0 ? 0 : pieces[^1].End;
        return EntriesOf(
            WorkLogReading.Join(WorkLogReading.From(pieces, end - limits.WorkLogTail), limits.WorkLogTail)
        );
    }

    private JsonElement? ArgumentsOf(WorkOrder order)
    {
        // What a routine that is gone called secret is not known any more, so nothing of it is shown.
        if (catalogue.Find(order.Routine) is not { } routine)
            return null;
        var secrets = routine
            .Descriptor.Parameters.Where(parameter => parameter.Secret)
            .Select(parameter => parameter.Name);
        var hidden = secrets.ToImmutableHashSet();
        var arguments = Parse(order.Arguments);
        if (hidden.IsEmpty)
            return arguments;
        var shown = arguments
            .EnumerateObject()
            .ToDictionary(
                argument => argument.Name,
                argument => hidden.Contains(argument.Name) ? MaskedValue : argument.Value.Clone()
            );
        return JsonSerializer.SerializeToElement(shown, ViewJson.Default.DictionaryStringJsonElement);
    }

    private static readonly JsonElement MaskedValue = JsonSerializer.SerializeToElement(
        Masked,
        ViewJson.Default.String
    );

    private static ArgumentView ArgumentOf(ParameterDescriptor parameter) =>
        new()
        {
            Name = parameter.Name,
            Type = parameter.Type,
            Required = parameter.Required,
            Default = parameter.Default,
            Limits = parameter.Limits,
            Help = parameter.Help,
            Secret = parameter.Secret ? true : null,
        };

    private static WaitForView WaitForOf(Dependency dependency) => new(dependency.Job.Value, WhenOf(dependency.When));

    /// <summary>A condition on the wire.</summary>
    public static WaitForEnd WhenOf(DependencyCondition when) =>
        when switch
        {
            DependencyCondition.Failed => WaitForEnd.Failed,
            DependencyCondition.Finished => WaitForEnd.Finished,
            _ => WaitForEnd.Done,
        };

    private static string? ChainOf(TaskState state) =>
        state is TaskState.Skipped { Chain: { Length: > 0 } chain } ? chain : null;

    private static Keep? KeepOf(KeepRule keep) =>
        keep switch
        {
            KeepRule.Linger => Keep.Linger,
            KeepRule.None => Keep.None,
            _ => null,
        };

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
