using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace AptTask.Protocol;

/// <summary>
/// A request of the old protocol: one JSON object without a line feed, of which only what is needed is looked at. Whether a
/// connection speaks it is not decided here.
/// </summary>
public sealed record LegacyRequest
{
    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = WireLimits.Depth,
    };

    private LegacyRequest() { }

    /// <summary><c>index</c>, <c>start</c>, <c>stop</c> or <c>active</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The user's key; empty when none was given.</summary>
    public string Key { get; init; } = "";

    /// <summary>For <c>start</c>: the routine.</summary>
    public string? Routine { get; init; }

    /// <summary>For <c>start</c>: the arguments, by position or by name; values may be strings whatever the declared type.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>For <c>stop</c>: the task.</summary>
    public long? TaskId { get; init; }

    /// <summary>Whether the bytes are one whole JSON object: then the client is waiting for an answer.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> message)
    {
        if (!Utf8.IsValid(message))
            return false;
        try
        {
            var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = WireLimits.Depth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            // Not whole yet, or never will be: the ordinary reader will say what is wrong with it.
            return false;
        }
    }

    /// <summary>Reads a message.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="error">Why it is none.</param>
    /// <param name="name">The name of the request, as far as it could be read.</param>
    public static LegacyRequest? TryRead(ReadOnlySpan<byte> message, out WireError? error, out string? name)
    {
        (error, name) = (null, null);
        if (!Utf8.IsValid(message))
        {
            error = new WireError(ErrorCodes.BadUtf8, "The message is not UTF-8.");
            return null;
        }
        try
        {
            var root = JsonElement.Parse(message, Strict);
            if (root.ValueKind != JsonValueKind.Object)
                error = new WireError(ErrorCodes.BadRequest, "A request is a JSON object.");
            else
                return Build(root, out error, out name);
        }
        catch (JsonException)
        {
            error = new WireError(ErrorCodes.BadJson, "The message is not one JSON object.");
        }
        catch (InvalidOperationException)
        {
            // A text with half a surrogate pair is valid JSON and yet no text.
            error = new WireError(ErrorCodes.BadJson, "A text of the message holds half a character.");
        }
        return null;
    }

    private static LegacyRequest? Build(JsonElement root, out WireError? error, out string? name)
    {
        name = Text(root, "request");
        error = name switch
        {
            RequestNames.Index or RequestNames.Active => null,
            RequestNames.Start when string.IsNullOrEmpty(Text(root, "name")) => Missing(
                "name",
                "the name of a routine"
            ),
            RequestNames.Stop when Number(root, "taskid") is null => Missing("taskid", "the number of a task"),
            RequestNames.Start or RequestNames.Stop => null,
            _ => new WireError(
                ErrorCodes.UnknownRequest,
                "The old protocol has the requests index, start, stop, active."
            ),
        };
        if (error is not null)
            return null;
        return new LegacyRequest
        {
            Name = name!,
            Key = Text(root, "key") ?? "",
            Routine = Text(root, "name"),
            Arguments =
                root.TryGetProperty("arguments", out var arguments)
                && arguments.ValueKind is JsonValueKind.Array or JsonValueKind.Object
                    ? arguments
                    : null,
            TaskId = Number(root, "taskid"),
        };
    }

    private static WireError Missing(string field, string what) =>
        new WireError(ErrorCodes.BadRequest, $"`{field}` must be {what}.").With("field", field);

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A number, or a string that holds one: the old client passes on what stood on its command line.</summary>
    private static long? Number(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value))
            return null;
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString()!,
            _ => "",
        };
        return FieldReader.TryInteger(
            Encoding.UTF8.GetBytes(text),
            JsonTokenType.Number,
            1,
            long.MaxValue,
            out var number
        )
            ? number
            : null;
    }

    /// <summary>What <see cref="object.ToString"/> shows: the key is left out.</summary>
    private bool PrintMembers(StringBuilder builder)
    {
        builder
            .Append("Name = ")
            .Append(Name)
            .Append(", Routine = ")
            .Append(Routine)
            .Append(", TaskId = ")
            .Append(TaskId);
        return true;
    }
}
