using System.Text.Json;
using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>An id on the wire: a string or an integer.</summary>
internal sealed class RequestIdConverter : JsonConverter<RequestId>
{
    /// <inheritdoc/>
    public override RequestId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String => RequestId.Of(reader.GetString()!),
            JsonTokenType.Number => RequestId.Of(reader.GetInt64()),
            _ => throw new JsonException("An id is a string or an integer."),
        };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RequestId value, JsonSerializerOptions options)
    {
        if (value.IsNumber)
            writer.WriteNumberValue(value.Number);
        else if (value.Text is { } text)
            writer.WriteStringValue(text);
        else
            writer.WriteNullValue();
    }
}
