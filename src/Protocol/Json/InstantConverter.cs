using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>Instants on the wire: RFC 3339, UTC, milliseconds.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    private const int Length = 24;

    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[Length];
        value.UtcDateTime.TryFormat(
            text,
            out var written,
            "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
            CultureInfo.InvariantCulture
        );
        writer.WriteStringValue(text[..written]);
    }
}
