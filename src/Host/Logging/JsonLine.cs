using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting;

namespace AptTask.Host.Logging;

/// <summary>
/// Writes an event as one JSON object on one line. The strict encoder escapes all that is not plain ASCII, so a line is
/// harmless in a terminal too. Names that come from log calls stand under <c>properties</c> and cannot hide ours.
/// </summary>
internal sealed class JsonLine : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        // The writer's default encoder is the strict one.
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString(
                "at",
                logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)
            );
            json.WriteString("level", logEvent.Level.ToString().ToLowerInvariant());
            json.WriteString("message", TextLine.Cut(logEvent.RenderMessage(CultureInfo.InvariantCulture)));
            json.WriteString("template", logEvent.MessageTemplate.Text);
            if (logEvent.Exception is { } exception)
                json.WriteString("exception", TextLine.Cut(exception.ToString()));
            json.WriteStartObject("properties");
            foreach (var (name, value) in logEvent.Properties)
            {
                json.WritePropertyName(name);
                WriteValue(json, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }

    private static void WriteValue(Utf8JsonWriter json, LogEventPropertyValue value)
    {
        switch (value)
        {
            case ScalarValue scalar:
                WriteScalar(json, scalar.Value);
                break;
            case SequenceValue sequence:
                json.WriteStartArray();
                foreach (var element in sequence.Elements)
                    WriteValue(json, element);
                json.WriteEndArray();
                break;
            case StructureValue structure:
                WriteObject(json, structure.Properties.Select(property => (property.Name, property.Value)));
                break;
            case DictionaryValue dictionary:
                WriteObject(
                    json,
                    dictionary.Elements.Select(pair => (pair.Key.Value?.ToString() ?? "null", pair.Value))
                );
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }

    private static void WriteObject(
        Utf8JsonWriter json,
        IEnumerable<(string Name, LogEventPropertyValue Value)> members
    )
    {
        json.WriteStartObject();
        foreach (var (name, value) in members)
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteScalar(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or long or short or sbyte or byte or ushort or uint:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case DateTimeOffset instant:
                json.WriteStringValue(instant.UtcDateTime);
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
