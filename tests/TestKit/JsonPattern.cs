using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AptTask.TestKit;

/// <summary>
/// Compares what came with what was expected. Members may stand in any order, and there may be more of them than expected:
/// answers may grow. Strings that begin with <c>$</c> are placeholders; a name among them is bound by its first use.
/// </summary>
public sealed partial class JsonPattern
{
    private readonly Dictionary<string, JsonElement> _bound = [];

    /// <summary>Puts bound values in the place of their names in a line that is to be sent.</summary>
    public string Fill(string line) =>
        NameInQuotes()
            .Replace(
                line,
                match =>
                    _bound.TryGetValue(match.Groups["name"].Value, out var value) ? value.GetRawText() : match.Value
            );

    /// <summary>Whether a value is as expected. Names are bound only when all of it is.</summary>
    /// <returns>Null, or what is different and where.</returns>
    public string? Differ(JsonElement expected, JsonElement actual)
    {
        var bindings = new Dictionary<string, JsonElement>();
        if (Differ(expected, actual, "", bindings) is { } difference)
            return difference;
        foreach (var (name, value) in bindings)
            _bound[name] = value;
        return null;
    }

    private string? Differ(
        JsonElement expected,
        JsonElement actual,
        string at,
        Dictionary<string, JsonElement> bindings
    ) =>
        expected.ValueKind switch
        {
            JsonValueKind.String when expected.GetString()!.StartsWith('$') => DifferFromPlaceholder(
                expected.GetString()![1..],
                actual,
                at,
                bindings
            ),
            JsonValueKind.Object => DifferAsObject(expected, actual, at, bindings),
            JsonValueKind.Array => DifferAsArray(expected, actual, at, bindings),
            _ => JsonElement.DeepEquals(expected, actual) ? null : Difference(at, expected.GetRawText(), actual),
        };

    private string? DifferFromPlaceholder(
        string name,
        JsonElement actual,
        string at,
        Dictionary<string, JsonElement> bindings
    )
    {
        var holds = name switch
        {
            "any" => true,
            "text" => actual.ValueKind == JsonValueKind.String,
            "int" => actual.ValueKind == JsonValueKind.Number && actual.TryGetInt64(out _),
            "number" => actual.ValueKind == JsonValueKind.Number,
            "list" => actual.ValueKind == JsonValueKind.Array,
            "time" => actual.ValueKind == JsonValueKind.String && Instant().IsMatch(actual.GetString()!),
            _ when _bound.TryGetValue(name, out var bound) || bindings.TryGetValue(name, out bound) =>
                JsonElement.DeepEquals(bound, actual),
            _ => bindings.TryAdd(name, actual.Clone()),
        };
        return holds ? null : Difference(at, "$" + name, actual);
    }

    private string? DifferAsObject(
        JsonElement expected,
        JsonElement actual,
        string at,
        Dictionary<string, JsonElement> bindings
    )
    {
        if (actual.ValueKind != JsonValueKind.Object)
            return Difference(at, "an object", actual);
        foreach (var member in expected.EnumerateObject())
        {
            var where = $"{at}.{member.Name}";
            var isThere = actual.TryGetProperty(member.Name, out var value);
            if (member.Value.ValueKind == JsonValueKind.String && member.Value.ValueEquals("$absent"))
            {
                if (isThere)
                    return Difference(where, "nothing", value);
            }
            else if (!isThere)
            {
                return $"{where} is missing";
            }
            else if (Differ(member.Value, value, where, bindings) is { } difference)
            {
                return difference;
            }
        }
        return null;
    }

    private string? DifferAsArray(
        JsonElement expected,
        JsonElement actual,
        string at,
        Dictionary<string, JsonElement> bindings
    )
    {
        if (actual.ValueKind != JsonValueKind.Array)
            return Difference(at, "a list", actual);
        var items = expected.EnumerateArray().ToList();
        if (items.Count > 0 && items[0].ValueKind == JsonValueKind.String && items[0].ValueEquals("$contains"))
        {
            var missing = items
                .Skip(1)
                .FirstOrDefault(item => !actual.EnumerateArray().Any(one => Differ(item, one, at, bindings) is null));
            return missing.ValueKind == JsonValueKind.Undefined
                ? null
                : Difference(at, $"one like {missing.GetRawText()}", actual);
        }
        if (items.Count != actual.GetArrayLength())
            return Difference(at, $"{items.Count.ToString(CultureInfo.InvariantCulture)} values", actual);
        return items
            .Select((item, index) => Differ(item, actual[index], $"{at}[{index}]", bindings))
            .FirstOrDefault(difference => difference is not null);
    }

    private static string Difference(string at, string expected, JsonElement actual) =>
        $"{(at.Length == 0 ? "the line" : at)} should be {expected} but is {actual.GetRawText()}";

    [GeneratedRegex("\"\\$(?<name>[a-z][a-z0-9_]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameInQuotes();

    [GeneratedRegex(
        @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Instant();
}
