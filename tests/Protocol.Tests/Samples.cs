using System.Text.Json.Nodes;

namespace AptTask.Protocol.Tests;

/// <summary>A right and all wrong values for each field, and the smallest right line of each request.</summary>
internal static class Samples
{
    private static readonly string[] AllKinds =
    [
        "null",
        "true",
        "1",
        "-1",
        "1.5",
        "\"\"",
        "\"text\"",
        "[]",
        "{}",
        "[1]",
        "[\"text\"]",
        "{\"a\":1}",
    ];

    private static readonly Dictionary<string, string> Required = new()
    {
        ["start"] = "\"name\":\"demo.noop\"",
        ["submit"] = "\"tasks\":[{\"name\":\"demo.noop\"}]",
        ["stop"] = "\"taskid\":1",
        ["status"] = "\"taskid\":1",
        ["explain"] = "\"taskid\":1",
        ["wait"] = "\"taskid\":1",
        ["log"] = "\"taskid\":1",
        ["result"] = "\"taskid\":1",
        ["ack"] = "\"taskid\":1",
        ["pause"] = "\"lane\":\"default\"",
        ["resume"] = "\"lane\":\"default\"",
        ["forget"] = "\"older_than_seconds\":0",
    };

    public static string LineOf(string request) =>
        Required.TryGetValue(request, out var needed)
            ? $"{{\"request\":\"{request}\",\"id\":1,{needed}}}"
            : $"{{\"request\":\"{request}\",\"id\":1}}";

    /// <summary>The smallest right line with one field set, and without what would contradict that field.</summary>
    public static string LineWith(string request, string field, string value)
    {
        var line = JsonNode.Parse(LineOf(request))!.AsObject();
        if (field is "jobid" or "taskids" && request is not "start")
            line.Remove("taskid");
        if (field is "group" && request is "pause" or "resume")
            line.Remove("lane");
        line[field] = JsonNode.Parse(value);
        return line.ToJsonString();
    }

    public static string RightValueOf(string request, string field) =>
        field switch
        {
            "id" => "\"an id\"",
            "request" => $"\"{request}\"",
            "key"
            or "group"
            or "name"
            or "jobid"
            or "lane"
            or "worker"
            or "unique"
            or "routine"
            or "jobid_prefix"
            or "cursor" => "\"text\"",
            "arguments" => "{\"a\":1}",
            "waitfor" => "[\"a\",{\"job\":\"b\",\"when\":\"failed\"}]",
            "priority" or "weight" or "taskid" or "limit" or "offset" or "from" => "7",
            "retry" => "{\"attempts\":2}",
            "timeout_seconds" or "older_than_seconds" or "grace_seconds" => "1.5",
            "not_before" or "deadline" or "created_after" or "created_before" => "\"2026-03-01T07:30:00Z\"",
            "keep" => "\"none\"",
            "on_full" => "\"refuse\"",
            "strict" or "force" or "any" or "follow" or "on" => "false",
            "tasks" => "[{\"name\":\"x\"}]",
            "taskids" => "[1,2]",
            "jobids" => "[\"a\"]",
            "state" => "\"done\"",
            _ => throw new ArgumentOutOfRangeException(nameof(field), field, "No sample for this field yet."),
        };

    public static IEnumerable<string> WrongValuesOf(string request, string field) =>
        AllKinds.Except(
            field switch
            {
                "id" => ["1", "-1", "\"\"", "\"text\""],
                "key" => ["\"\"", "\"text\""],
                "request" => ["\"\"", "\"text\""],
                "group"
                or "name"
                or "jobid"
                or "lane"
                or "worker"
                or "unique"
                or "routine"
                or "jobid_prefix"
                or "cursor" => ["\"text\""],
                "arguments" => ["[]", "{}", "[1]", "[\"text\"]", "{\"a\":1}"],
                "waitfor" => ["[]", "[\"text\"]"],
                "priority" => ["1", "-1"],
                "weight" or "taskid" or "limit" or "offset" or "from" => ["1"],
                "timeout_seconds" or "older_than_seconds" or "grace_seconds" => ["1", "1.5"],
                "strict" or "force" or "any" or "follow" or "on" => ["true"],
                "taskids" => ["[1]"],
                "jobids" => ["[\"text\"]"],
                // These are refused too, but for what is in them.
                "retry" or "tasks" => ["{}", "{\"a\":1}"],
                _ => [],
            }
        );
}
