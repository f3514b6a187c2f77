using System.Text.Json;
using static AptTask.Protocol.FieldTable;

namespace AptTask.Protocol;

/// <summary>Reads what a client asks of a task: within <c>start</c>, and in the list of <c>submit</c>.</summary>
internal static class TaskOrders
{
    private const double LongestSeconds = 366 * 24 * 3600;
    private const int PriorityLimit = 100;
    private const int WeightLimit = 1024;
    private const int AttemptLimit = 1000;

    /// <summary>The fields of a task.</summary>
    public static readonly ulong Fields = SetOf(
        Field.Name,
        Field.Arguments,
        Field.JobId,
        Field.WaitFor,
        Field.Priority,
        Field.Lane,
        Field.Weight,
        Field.Retry,
        Field.TimeoutSeconds,
        Field.NotBefore,
        Field.Deadline,
        Field.Unique,
        Field.Keep
    );

    /// <summary>The fields of <c>retry</c>.</summary>
    public static readonly ulong RetryFields = SetOf(
        Field.Attempts,
        Field.Backoff,
        Field.DelaySeconds,
        Field.MaxDelaySeconds,
        Field.Jitter
    );

    /// <summary>The fields of an entry of <c>waitfor</c> that is an object.</summary>
    public static readonly ulong WaitForFields = SetOf(Field.Job, Field.When);

    /// <summary>Reads one task from its fields.</summary>
    public static TaskOrder Build(ref FieldReader fields) =>
        new()
        {
            Routine = fields.RequiredName(Field.Name),
            Arguments = fields.Arguments(Field.Arguments),
            JobId = fields.NameText(Field.JobId),
            WaitFor = fields.Has(Field.WaitFor) ? ReadWaitFor(ref fields) : [],
            Priority = (int?)fields.Integer(Field.Priority, -PriorityLimit, PriorityLimit),
            Lane = fields.NameText(Field.Lane),
            Weight = (int?)fields.Integer(Field.Weight, 1, WeightLimit),
            Retry = fields.Has(Field.Retry) ? ReadRetry(ref fields) : null,
            TimeoutSeconds = fields.Number(Field.TimeoutSeconds, 0.001, LongestSeconds, " of seconds"),
            NotBefore = fields.Instant(Field.NotBefore),
            Deadline = fields.Instant(Field.Deadline),
            Unique = fields.NameText(Field.Unique),
            Keep = fields.Word<Keep>(
                Field.Keep,
                [("ack", Protocol.Keep.Ack), ("linger", Protocol.Keep.Linger), ("none", Protocol.Keep.None)]
            ),
        };

    /// <summary>Reads the tasks of <c>submit</c>.</summary>
    public static IReadOnlyList<TaskOrder> ReadList(ref FieldReader fields)
    {
        var allowed = $"a list of 1 to {WireLimits.SubmitTasks} tasks, each an object with at least a `name`";
        if (!fields.Has(Field.Tasks))
        {
            fields.Missing(Field.Tasks, allowed);
            return [];
        }
        var orders = new List<TaskOrder>();
        var elements = fields.Elements(Field.Tasks, WireLimits.SubmitTasks, allowed);
        while (fields.Error is null && elements.MoveNext())
        {
            if (elements.Kind == JsonTokenType.StartObject)
                orders.Add(ReadOne(elements.Value, orders.Count, ref fields));
            else
                fields.Fail(Field.Tasks, allowed);
        }
        return orders;
    }

    private static TaskOrder ReadOne(ReadOnlySpan<byte> json, int index, ref FieldReader outer)
    {
        Span<FieldSlot> slots = stackalloc FieldSlot[FieldTable.Count];
        var inner = Open(json, slots, $"tasks[{index}].", Fields, "A task");
        var order = Build(ref inner);
        if (inner.Error is { } error)
            outer.Fail(error.With("task", index));
        return order;
    }

    private static RetryOrder? ReadRetry(ref FieldReader outer)
    {
        var json = outer.ValueOf(Field.Retry, out var kind);
        if (kind != JsonTokenType.StartObject)
        {
            outer.Fail(
                Field.Retry,
                "an object such as {\"attempts\": 3, \"backoff\": \"exponential\", \"delay_seconds\": 1}"
            );
            return null;
        }
        Span<FieldSlot> slots = stackalloc FieldSlot[FieldTable.Count];
        var inner = Open(json, slots, "retry.", RetryFields, "`retry`");
        if (!inner.Has(Field.Attempts))
            inner.Missing(Field.Attempts, $"an integer from 1 to {AttemptLimit}, the first attempt included");
        var retry = new RetryOrder((int)(inner.Integer(Field.Attempts, 1, AttemptLimit) ?? 1))
        {
            Backoff = inner.Word<RetryBackoff>(
                Field.Backoff,
                [("fixed", RetryBackoff.Fixed), ("exponential", RetryBackoff.Exponential)]
            ),
            DelaySeconds = inner.Number(Field.DelaySeconds, 0, LongestSeconds, " of seconds"),
            MaxDelaySeconds = inner.Number(Field.MaxDelaySeconds, 0, LongestSeconds, " of seconds"),
            Jitter = inner.Number(Field.Jitter, 0, 1, ""),
        };
        if (inner.Error is { } error)
            outer.Fail(error);
        return retry;
    }

    private static List<WaitForEntry> ReadWaitFor(ref FieldReader fields)
    {
        var allowed =
            $"a list of up to {WireLimits.WaitForEntries} job ids, each a string or "
            + "{\"job\": \"…\", \"when\": \"done\" | \"failed\" | \"finished\"}";
        // A client that builds the list in a loop may well end with nothing in it.
        var list = fields.ValueOf(Field.WaitFor, out var listKind);
        if (listKind == JsonTokenType.StartArray && ElementWalk.Count(list) == 0)
            return [];
        var entries = new List<WaitForEntry>();
        var elements = fields.Elements(Field.WaitFor, WireLimits.WaitForEntries, allowed);
        while (fields.Error is null && elements.MoveNext())
        {
            if (
                elements.Kind == JsonTokenType.String
                && FieldReader.Unescape(elements.Value) is var job
                && FieldReader.IsName(job)
            )
                entries.Add(new WaitForEntry(job));
            else if (elements.Kind == JsonTokenType.StartObject)
                entries.Add(ReadEntry(elements.Value, entries.Count, ref fields));
            else
                fields.Fail(Field.WaitFor, allowed);
        }
        return entries;
    }

    private static WaitForEntry ReadEntry(ReadOnlySpan<byte> json, int index, ref FieldReader outer)
    {
        Span<FieldSlot> slots = stackalloc FieldSlot[FieldTable.Count];
        var inner = Open(json, slots, $"waitfor[{index}].", WaitForFields, "An entry of `waitfor`");
        var entry = new WaitForEntry(
            inner.RequiredName(Field.Job),
            inner.Word<WaitForEnd>(
                Field.When,
                [("done", WaitForEnd.Done), ("failed", WaitForEnd.Failed), ("finished", WaitForEnd.Finished)]
            ) ?? WaitForEnd.Done
        );
        if (inner.Error is { } error)
            outer.Fail(error);
        return entry;
    }

    /// <summary>Scans an object inside a line. The line is known to be JSON, so nothing here throws.</summary>
    private static FieldReader Open(
        ReadOnlySpan<byte> json,
        Span<FieldSlot> slots,
        string where,
        ulong allowed,
        string what
    )
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var scan = new ObjectScan(json, slots);
        scan.ReadMembers(ref reader);
        var fields = new FieldReader(scan, where);
        if (scan.Fault is { } fault)
            fields.Fail(new WireError(ErrorCodes.BadJson, fault));
        fields.AllowOnly(allowed, what);
        return fields;
    }
}
