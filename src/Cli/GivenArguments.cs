using System.Text.Json;
using AptTask.Protocol;

namespace AptTask.Cli;

/// <summary>
/// Makes the arguments of a routine from <c>key=value</c> words. Whether <c>7</c> is a number or a text depends on the routine, so
/// its description is asked for; <c>key:=JSON</c> says it outright. A key again makes a list.
/// </summary>
internal static class GivenArguments
{
    // Types whose values are strings on the wire, whatever is in them. For any other a value that is JSON is taken as JSON.
    private static readonly string[] TextTypes =
    [
        "string",
        "text",
        "enum",
        "path",
        "url",
        "name",
        "pattern",
        "date",
        "duration",
    ];

    /// <summary>Whether the description of the routine is needed.</summary>
    public static bool NeedTypes(IReadOnlyList<string> words) => words.Any(word => Split(word) is (_, _, false));

    /// <summary>Makes the arguments.</summary>
    /// <param name="words">The words of the command line.</param>
    /// <param name="json">All of them as JSON instead.</param>
    /// <param name="routine">What is known of the routine; null for nothing.</param>
    public static JsonElement? Make(IReadOnlyList<string> words, string? json, RoutineView? routine)
    {
        if (json is not null)
        {
            if (words.Count > 0)
                throw new UsageException("Give the arguments as key=value or as --args, not both.");
            return Parse(json, "--args");
        }
        if (words.Count == 0)
            return null;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var argument in words.Select(Split).GroupBy(word => word.Key))
                Write(writer, argument.Key, [.. argument], routine);
            writer.WriteEndObject();
        }
        return JsonElement.Parse(buffer.ToArray());
    }

    private static void Write(
        Utf8JsonWriter writer,
        string key,
        (string Key, string Value, bool IsJson)[] values,
        RoutineView? routine
    )
    {
        var type = routine?.Arguments.FirstOrDefault(argument => argument.Name == key)?.Type;
        var isList = type?.StartsWith("list", StringComparison.Ordinal) == true;
        writer.WritePropertyName(key);
        var wrap = values.Length > 1 || (isList && !values[0].Value.StartsWith('['));
        if (wrap)
            writer.WriteStartArray();
        foreach (var (_, value, isJson) in values)
            ValueOf(key, value, isJson, isList && wrap ? null : type).WriteTo(writer);
        if (wrap)
            writer.WriteEndArray();
    }

    private static JsonElement ValueOf(string key, string value, bool isJson, string? type)
    {
        if (isJson)
            return Parse(value, key);
        if (type is not null && !TextTypes.Contains(type))
        {
            try
            {
                return JsonElement.Parse(value);
            }
            catch (JsonException)
            {
                // Not JSON, so it is a text; if the routine wants none, the daemon says what it wants.
            }
        }
        return JsonElement.Parse(Quoted(value));
    }

    private static byte[] Quoted(string text)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            writer.WriteStringValue(text);
        return buffer.ToArray();
    }

    private static JsonElement Parse(string json, string what)
    {
        try
        {
            return JsonElement.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException exception)
        {
            throw new UsageException($"{what} is not JSON: {exception.Message}");
        }
    }

    private static (string Key, string Value, bool IsJson) Split(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || (equals == 1 && word[0] == ':'))
            throw new UsageException($"\"{word}\" is no argument: write key=value, or key:=JSON.");
        return word[equals - 1] == ':'
            ? (word[..(equals - 1)], word[(equals + 1)..], true)
            : (word[..equals], word[(equals + 1)..], false);
    }
}
