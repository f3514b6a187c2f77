using System.Text;
using System.Text.Json;
using AptTask.Protocol;

namespace AptTask.Cli;

/// <summary>
/// Reads tasks from a file: one JSON object a line, each a task or a whole <c>start</c> or <c>submit</c>; or one JSON list of
/// tasks. Empty lines and lines that begin with <c>#</c> are passed over. All tasks together are one submission.
/// </summary>
internal static class SubmissionFile
{
    /// <summary>Reads it.</summary>
    public static SubmitRequest Read(string text, string name)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("request", RequestNames.Submit);
            writer.WriteStartArray("tasks");
            foreach (var task in TasksOf(text, name))
                task.WriteTo(writer);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        // The reader of the daemon is the one who knows what a task may say, and says best what is wrong with one.
        var outcome = RequestReader.Read(buffer.ToArray());
        return outcome.Request as SubmitRequest ?? throw new UsageException($"{name}: {outcome.Error?.Message}");
    }

    private static IEnumerable<JsonElement> TasksOf(string text, string name)
    {
        if (text.TrimStart().StartsWith('['))
        {
            foreach (var task in Parse(text, name).EnumerateArray())
                yield return task;
            yield break;
        }
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line) || line.TrimStart().StartsWith('#'))
                continue;
            foreach (var task in TasksOf(Parse(line, $"{name}:{number}"), $"{name}:{number}"))
                yield return task;
        }
    }

    private static List<JsonElement> TasksOf(JsonElement line, string where)
    {
        if (line.ValueKind != JsonValueKind.Object)
            throw new UsageException($"{where}: a task is a JSON object with at least a \"name\".");
        if (!line.TryGetProperty("request", out var request))
            return [line];
        if (
            request.ValueEquals(RequestNames.Submit)
            && line.TryGetProperty("tasks", out var tasks)
            && tasks.ValueKind == JsonValueKind.Array
        )
            return [.. tasks.EnumerateArray()];
        return request.ValueEquals(RequestNames.Start)
            ? [WithoutEnvelope(line)]
            : throw new UsageException($"{where}: only tasks, \"start\" and \"submit\" can be submitted.");
    }

    private static JsonElement WithoutEnvelope(JsonElement start)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (
                var member in start
                    .EnumerateObject()
                    .Where(member => member.Name is not ("request" or "id" or "key" or "group"))
            )
                member.WriteTo(writer);
            writer.WriteEndObject();
        }
        return JsonElement.Parse(buffer.ToArray());
    }

    private static JsonElement Parse(string json, string where)
    {
        try
        {
            return JsonElement.Parse(Encoding.UTF8.GetBytes(json));
        }
        catch (JsonException exception)
        {
            throw new UsageException($"{where}: not JSON: {exception.Message}");
        }
    }
}
