using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using static AptTask.Protocol.FieldTable;

namespace AptTask.Protocol;

/// <summary>Writes requests as lines: the mirror of <see cref="RequestReader"/>. What is null or the default is left out.</summary>
public static class RequestWriter
{
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one line with its line feed.</summary>
    public static void Write(IBufferWriter<byte> output, Request request)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(request);
        using (var writer = new Utf8JsonWriter(output, Compact))
        {
            writer.WriteStartObject();
            WriteCommon(writer, request);
            WriteOwn(writer, request);
            writer.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    private static void WriteCommon(Utf8JsonWriter writer, Request request)
    {
        if (request.Id.IsNumber)
            writer.WriteNumber("id"u8, request.Id.Number);
        else
            Text(writer, Field.Id, request.Id.Text);
        Text(writer, Field.Key, request.Key);
        Text(writer, Field.Request, request.Name);
        Text(writer, Field.Group, request.Group);
    }

    private static void WriteOwn(Utf8JsonWriter writer, Request request)
    {
        if (request is INamesTask named)
        {
            Number(writer, Field.TaskId, named.TaskId);
            Text(writer, Field.JobId, named.JobId);
        }
        switch (request)
        {
            case StartRequest start:
                WriteOrder(writer, start.Task);
                WriteSubmission(writer, start.OnFull, start.Strict);
                break;
            case SubmitRequest submit:
                WriteTasks(writer, submit.Tasks);
                WriteSubmission(writer, submit.OnFull, submit.Strict);
                break;
            case StopRequest stop:
                Flag(writer, Field.Force, stop.Force);
                break;
            case TasksRequest tasks:
                WriteFilter(writer, tasks);
                break;
            case WaitRequest wait:
                Numbers(writer, Field.TaskIds, wait.TaskIds);
                Texts(writer, Field.JobIds, wait.JobIds);
                Flag(writer, Field.Any, wait.Any);
                Number(writer, Field.TimeoutSeconds, wait.TimeoutSeconds);
                break;
            case WatchRequest watch:
                Number(writer, Field.From, watch.From);
                break;
            case LogRequest log:
                Number(writer, Field.Offset, log.Offset);
                Number(writer, Field.Limit, log.Limit);
                Flag(writer, Field.Follow, log.Follow);
                break;
            case AckRequest ack:
                Numbers(writer, Field.TaskIds, ack.TaskIds);
                break;
            case PauseRequest pause:
                Text(writer, Field.Lane, pause.Lane);
                break;
            case ResumeRequest resume:
                Text(writer, Field.Lane, resume.Lane);
                break;
            case DrainRequest drain:
                if (!drain.On)
                    writer.WriteBoolean(NameOf(Field.On), false);
                Text(writer, Field.Worker, drain.Worker);
                break;
            case ForgetRequest forget:
                Number(writer, Field.OlderThanSeconds, forget.OlderThanSeconds);
                break;
            case ShutdownRequest shutdown:
                Number(writer, Field.GraceSeconds, shutdown.GraceSeconds);
                break;
        }
    }

    private static void WriteTasks(Utf8JsonWriter writer, IReadOnlyList<TaskOrder> tasks)
    {
        writer.WriteStartArray(NameOf(Field.Tasks));
        foreach (var task in tasks)
        {
            writer.WriteStartObject();
            WriteOrder(writer, task);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteOrder(Utf8JsonWriter writer, TaskOrder task)
    {
        Text(writer, Field.Name, task.Routine);
        if (task.Arguments is { } arguments)
        {
            writer.WritePropertyName(NameOf(Field.Arguments));
            arguments.WriteTo(writer);
        }
        Text(writer, Field.JobId, task.JobId);
        WriteWaitFor(writer, task.WaitFor);
        Number(writer, Field.Priority, task.Priority);
        Text(writer, Field.Lane, task.Lane);
        Number(writer, Field.Weight, task.Weight);
        WriteRetry(writer, task.Retry);
        Number(writer, Field.TimeoutSeconds, task.TimeoutSeconds);
        Instant(writer, Field.NotBefore, task.NotBefore);
        Instant(writer, Field.Deadline, task.Deadline);
        Text(writer, Field.Unique, task.Unique);
        Text(
            writer,
            Field.Keep,
            task.Keep switch
            {
                Protocol.Keep.Ack => "ack",
                Protocol.Keep.Linger => "linger",
                Protocol.Keep.None => "none",
                _ => null,
            }
        );
    }

    private static void WriteWaitFor(Utf8JsonWriter writer, IReadOnlyList<WaitForEntry> entries)
    {
        if (entries.Count == 0)
            return;
        writer.WriteStartArray(NameOf(Field.WaitFor));
        foreach (var (job, when) in entries)
        {
            if (when == WaitForEnd.Done)
            {
                writer.WriteStringValue(job);
                continue;
            }
            writer.WriteStartObject();
            Text(writer, Field.Job, job);
            Text(writer, Field.When, when == WaitForEnd.Failed ? "failed" : "finished");
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteRetry(Utf8JsonWriter writer, RetryOrder? retry)
    {
        if (retry is null)
            return;
        writer.WriteStartObject(NameOf(Field.Retry));
        Number(writer, Field.Attempts, retry.Attempts);
        if (retry.Backoff is { } backoff)
            Text(writer, Field.Backoff, backoff == RetryBackoff.Fixed ? "fixed" : "exponential");
        Number(writer, Field.DelaySeconds, retry.DelaySeconds);
        Number(writer, Field.MaxDelaySeconds, retry.MaxDelaySeconds);
        Number(writer, Field.Jitter, retry.Jitter);
        writer.WriteEndObject();
    }

    private static void WriteSubmission(Utf8JsonWriter writer, OnFull onFull, bool strict)
    {
        if (onFull == OnFull.Wait)
            Text(writer, Field.OnFull, "wait");
        Flag(writer, Field.Strict, strict);
    }

    private static void WriteFilter(Utf8JsonWriter writer, TasksRequest tasks)
    {
        Texts(writer, Field.State, tasks.States);
        Text(writer, Field.Routine, tasks.Routine);
        Text(writer, Field.JobIdPrefix, tasks.JobIdPrefix);
        Instant(writer, Field.CreatedAfter, tasks.CreatedAfter);
        Instant(writer, Field.CreatedBefore, tasks.CreatedBefore);
        Number(writer, Field.Limit, tasks.Limit);
        Text(writer, Field.Cursor, tasks.Cursor);
    }

    private static void Text(Utf8JsonWriter writer, Field field, string? value)
    {
        if (value is not null)
            writer.WriteString(NameOf(field), value);
    }

    private static void Texts(Utf8JsonWriter writer, Field field, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
            return;
        writer.WriteStartArray(NameOf(field));
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter writer, Field field, long? value)
    {
        if (value is { } number)
            writer.WriteNumber(NameOf(field), number);
    }

    private static void Number(Utf8JsonWriter writer, Field field, double? value)
    {
        if (value is { } number)
            writer.WriteNumber(NameOf(field), number);
    }

    private static void Numbers(Utf8JsonWriter writer, Field field, IReadOnlyList<long> values)
    {
        if (values.Count == 0)
            return;
        writer.WriteStartArray(NameOf(field));
        foreach (var value in values)
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    private static void Flag(Utf8JsonWriter writer, Field field, bool value)
    {
        if (value)
            writer.WriteBoolean(NameOf(field), true);
    }

    private static void Instant(Utf8JsonWriter writer, Field field, DateTimeOffset? value)
    {
        if (value is { } instant)
            writer.WriteString(
                NameOf(field),
                instant.UtcDateTime.ToString(InstantFormat, System.Globalization.CultureInfo.InvariantCulture)
            );
    }
}
