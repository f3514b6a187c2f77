using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AptTask.Protocol;

/// <summary>
/// Writes answers of the old protocol: one compact object without a line feed, to be sent in one write. The old client reads at
/// most 4,096 bytes of it, so nothing is in them that it does not need.
/// </summary>
public static class LegacyAnswer
{
    private const int Running = 1;

    // The old client may be any old program: plain ASCII is what it surely reads.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>The answer to <c>index</c>: each routine's name and its arguments as pairs of name and type.</summary>
    public static void WriteIndex(IBufferWriter<byte> output, IReadOnlyList<RoutineView> routines)
    {
        ArgumentNullException.ThrowIfNull(routines);
        using var writer = Begin(output, "ok", RequestNames.Index);
        writer.WriteStartArray("index"u8);
        foreach (var routine in routines)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, routine.Name);
            writer.WriteStartArray("arguments"u8);
            foreach (var argument in routine.Arguments)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(argument.Name);
                writer.WriteStringValue(argument.Type);
                writer.WriteEndArray();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>The answer to <c>start</c> and <c>stop</c>.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="response"><c>start</c> or <c>stop</c>.</param>
    /// <param name="taskId">The task.</param>
    public static void WriteTask(IBufferWriter<byte> output, string response, long taskId)
    {
        using var writer = Begin(output, "ok", response);
        writer.WriteNumber("taskid"u8, taskId);
        writer.WriteEndObject();
    }

    /// <summary>The answer to <c>active</c>.</summary>
    public static void WriteActive(IBufferWriter<byte> output, IReadOnlyList<LegacyRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var writer = Begin(output, "ok", RequestNames.Active);
        writer.WriteStartArray("active"u8);
        foreach (var row in rows)
        {
            writer.WriteStartObject();
            writer.WriteNumber("taskid"u8, row.TaskId);
            writer.WriteString("name"u8, row.Name);
            writer.WriteNumber("status"u8, row.Status);
            writer.WriteString("state"u8, row.Status == Running ? "active"u8 : "inactive"u8);
            writer.WriteNumber("position"u8, row.Position);
            writer.WriteNumber("progress"u8, row.Progress);
            writer.WriteString("message"u8, row.Message ?? "");
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>The answer to what is refused.</summary>
    public static void WriteError(IBufferWriter<byte> output, string? response, WireError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        using var writer = Begin(output, "error", response);
        writer.WriteString("code"u8, error.Code);
        writer.WriteString("message"u8, error.Message);
        writer.WriteEndObject();
    }

    private static Utf8JsonWriter Begin(IBufferWriter<byte> output, string status, string? response)
    {
        var writer = new Utf8JsonWriter(output, Compact);
        writer.WriteStartObject();
        writer.WriteString("status"u8, status);
        if (response is not null)
            writer.WriteString("response"u8, response);
        return writer;
    }
}
