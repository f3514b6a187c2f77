using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AptTask.Host.Execution.Workers.Frames;

/// <summary>A JSON value that is passed on as it is: UTF-8. Empty for none.</summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    /// <summary>Whether there is one.</summary>
    [JsonIgnore]
    public bool IsEmpty => Utf8.IsEmpty;

    /// <summary>A value that was parsed before.</summary>
    public static RawJson Of(JsonElement element) =>
        element.ValueKind == JsonValueKind.Undefined
            ? default
            : new RawJson(JsonMarshal.GetRawUtf8Value(element).ToArray());

    internal sealed class Converter : JsonConverter<RawJson>
    {
        public override bool HandleNull => true;

        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Of(JsonElement.ParseValue(ref reader));

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options)
        {
            // A frame is one line, and what a program printed may have several.
            if (value.Utf8.Span.ContainsAny((byte)'\n', (byte)'\r'))
                JsonElement.Parse(value.Utf8.Span).WriteTo(writer);
            else
                writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
        }
    }
}
