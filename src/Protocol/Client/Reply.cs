using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AptTask.Protocol;

/// <summary>One line from the daemon: an answer, an error, or an event; exactly as it came, and what its envelope says.</summary>
public sealed class Reply
{
    private static readonly string[] EnvelopeNames = ["id", "status", "response", "code", "message"];

    private Reply(ReadOnlyMemory<byte> line) => Line = line;

    /// <summary>The line without its line feed.</summary>
    public ReadOnlyMemory<byte> Line { get; }

    /// <summary>The id of the request.</summary>
    public RequestId Id { get; private set; }

    /// <summary>The name of the event; null for an answer.</summary>
    public string? Event { get; private set; }

    /// <summary>Whether a request was refused.</summary>
    public bool IsError { get; private set; }

    /// <summary>Reads the envelope of a line.</summary>
    /// <exception cref="JsonException">It is not a line of the protocol.</exception>
    internal static Reply Read(ReadOnlyMemory<byte> line)
    {
        var reply = new Reply(line);
        var reader = new Utf8JsonReader(line.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A line of the daemon is not an object.");
        var hasStatus = false;
        // The envelope comes first; only a foreign server would mix it with the rest.
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("id"u8);
            var isStatus = reader.ValueTextEquals("status"u8);
            var isEvent = reader.ValueTextEquals("event"u8);
            reader.Read();
            if (isId && reader.TokenType is JsonTokenType.String)
                reply.Id = RequestId.Of(reader.GetString()!);
            else if (isId && reader.TokenType is JsonTokenType.Number)
                reply.Id = RequestId.Of(reader.GetInt64());
            else if (isStatus)
                (hasStatus, reply.IsError) = (true, reader.ValueTextEquals("error"u8));
            else if (isEvent)
                reply.Event = reader.GetString();
            reader.Skip();
            if (reply.Id.IsGiven && (hasStatus || reply.Event is not null))
                break;
        }
        return reply;
    }

    /// <summary>The answer in it.</summary>
    /// <exception cref="AptTaskException">It says that the request was refused.</exception>
    public TAnswer ToAnswer<TAnswer>()
        where TAnswer : Answer
    {
        if (IsError)
            throw new AptTaskException(ToError());
        var shape = (JsonTypeInfo<TAnswer>?)WireJson.Default.GetTypeInfo(typeof(TAnswer));
        return JsonSerializer.Deserialize(Line.Span, shape!) ?? throw new JsonException("An answer is null.");
    }

    /// <summary>The event in it; null when it is none, or one that this library does not know yet.</summary>
    public WireEvent? ToEvent() =>
        Event switch
        {
            "state" => JsonSerializer.Deserialize(Line.Span, WireJson.Default.StateEvent),
            "report" => JsonSerializer.Deserialize(Line.Span, WireJson.Default.ReportEvent),
            "posted" => JsonSerializer.Deserialize(Line.Span, WireJson.Default.PostedEvent),
            "log" => JsonSerializer.Deserialize(Line.Span, WireJson.Default.LogEvent),
            "end" => JsonSerializer.Deserialize(Line.Span, WireJson.Default.EndEvent),
            _ => null,
        };

    /// <summary>The error in it.</summary>
    public WireError ToError()
    {
        var root = JsonElement.Parse(Line.Span);
        static string TextOf(JsonElement root, string name, string otherwise) =>
            root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : otherwise;
        var details = ImmutableArray.CreateBuilder<ErrorDetail>();
        foreach (var member in root.EnumerateObject())
        {
            if (!EnvelopeNames.Contains(member.Name))
                details.Add(new ErrorDetail(member.Name, member.Value));
        }
        return new WireError(TextOf(root, "code", ErrorCodes.Internal), TextOf(root, "message", "No message."))
        {
            Details = details.ToImmutable(),
        };
    }
}
