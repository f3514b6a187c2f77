using System.Text.Json;
using System.Text.Json.Serialization;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Arguments;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Workers.Frames;

/// <summary>Reads and writes frames. Strict: what is not known is an error, so that both ends speak of the same.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(ReasonNames), typeof(OutcomeNames), typeof(StreamNames), typeof(FormNames), typeof(KindNames)],
    MaxDepth = 64
)]
[JsonSerializable(typeof(Frame))]
internal sealed partial class FrameJson : JsonSerializerContext
{
    /// <summary>A frame as a line without its line feed.</summary>
    public static byte[] Write(Frame frame) => JsonSerializer.SerializeToUtf8Bytes(frame, Default.Frame);

    /// <summary>A line as a frame.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static Frame Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, Default.Frame) ?? throw new JsonException("A frame is an object.");
        }
        catch (NotSupportedException nameless)
        {
            // What the serializer throws for an object that does not say which frame it is.
            throw new JsonException("A frame says which one it is (\"frame\").", nameless);
        }
    }

    private sealed class ReasonNames() : JsonStringEnumConverter<FailureReason>(JsonNamingPolicy.SnakeCaseLower, false);

    private sealed class OutcomeNames() : JsonStringEnumConverter<TaskOutcome>(JsonNamingPolicy.SnakeCaseLower, false);

    private sealed class StreamNames() : JsonStringEnumConverter<LogStream>(JsonNamingPolicy.SnakeCaseLower, false);

    private sealed class KindNames() : JsonStringEnumConverter<RoutineKind>(JsonNamingPolicy.SnakeCaseLower, false);

    private sealed class FormNames() : JsonStringEnumConverter<FormKind>(JsonNamingPolicy.SnakeCaseLower, false);
}
