using System.Text.Json;

namespace AptTask.Host.Configuration;

/// <summary>Turns a TOML value into the JSON value that a client would have sent.</summary>
internal static class TomlJson
{
    /// <summary>The value as JSON.</summary>
    public static JsonElement Of(TomlNode node)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, node);
        return JsonElement.Parse(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, TomlNode node)
    {
        switch (node)
        {
            case TomlNode.Text text:
                writer.WriteStringValue(text.Value);
                break;
            case TomlNode.Whole whole:
                writer.WriteNumberValue(whole.Value);
                break;
            case TomlNode.Fraction fraction when double.IsFinite(fraction.Value):
                writer.WriteNumberValue(fraction.Value);
                break;
            case TomlNode.Truth truth:
                writer.WriteBooleanValue(truth.Value);
                break;
            case TomlNode.Instant { Value: { } instant }:
                writer.WriteStringValue(instant);
                break;
            case TomlNode.List list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case TomlNode.Table table:
                writer.WriteStartObject();
                foreach (var (key, (_, value)) in table.Entries)
                {
                    writer.WritePropertyName(key);
                    Write(writer, value);
                }
                writer.WriteEndObject();
                break;
            default:
                // Local dates, infinity and NaN have no JSON form; null lets the check of the value say so.
                writer.WriteNullValue();
                break;
        }
    }
}
