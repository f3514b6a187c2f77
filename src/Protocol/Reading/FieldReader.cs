using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AptTask.Protocol;

/// <summary>
/// Reads the values of a scanned object as the types that a request wants. The first value that is not what it should be is
/// noted in <see cref="Error"/> and all later reads go on with nothing, so that a request is built in one straight piece and
/// refused at its end.
/// </summary>
internal ref struct FieldReader(ObjectScan scan, string where)
{
    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = WireLimits.Depth,
    };

    private readonly ObjectScan _scan = scan;

    /// <summary>The first thing that was wrong.</summary>
    public WireError? Error { get; private set; }

    /// <summary>Whether a field is there.</summary>
    public readonly bool Has(Field field) => _scan.Has(field);

    /// <summary>Notes an error unless there is one already.</summary>
    public void Fail(WireError error) => Error ??= error;

    /// <summary>Notes that a field is not what it should be.</summary>
    public void Fail(Field field, string allowed)
    {
        var name = where + FieldTable.NameOf(field);
        Fail(new WireError(ErrorCodes.BadRequest, $"`{name}` must be {allowed}.").With("field", name));
    }

    /// <summary>Notes that a rule about several fields is broken.</summary>
    public void FailRule(string message) => Fail(new WireError(ErrorCodes.BadRequest, message));

    /// <summary>Any text.</summary>
    public string? Text(Field field)
    {
        if (!Has(field))
            return null;
        if (_scan[field].Kind == JsonTokenType.String)
            return Unescape(_scan.ValueOf(field));
        Fail(field, "a string");
        return null;
    }

    /// <summary>A name: not empty, not endless, and nothing in it that could move a cursor or break a line.</summary>
    public string? NameText(Field field)
    {
        var text = Text(field);
        if (text is null || IsName(text))
            return text;
        Fail(field, NameRule);
        return null;
    }

    /// <summary>A name that has to be there.</summary>
    public string RequiredName(Field field)
    {
        if (!Has(field))
            Missing(field, NameRule);
        return NameText(field) ?? "";
    }

    /// <summary>An integer in a range.</summary>
    public long? Integer(Field field, long least, long most)
    {
        if (!Has(field))
            return null;
        if (TryInteger(_scan.ValueOf(field), _scan[field].Kind, least, most, out var value))
            return value;
        Fail(field, IntegerRule(least, most));
        return null;
    }

    /// <summary>A number in a range.</summary>
    public double? Number(Field field, double least, double most, string unit)
    {
        if (!Has(field))
            return null;
        if (
            _scan[field].Kind == JsonTokenType.Number
            && Utf8Parser.TryParse(_scan.ValueOf(field), out double value, out _)
            && value >= least
            && value <= most
        )
            return value;
        Fail(field, $"a number{unit} from {least} to {most}");
        return null;
    }

    /// <summary>True or false.</summary>
    public bool Flag(Field field, bool otherwise = false)
    {
        if (!Has(field))
            return otherwise;
        switch (_scan[field].Kind)
        {
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            default:
                Fail(field, "true or false");
                return otherwise;
        }
    }

    /// <summary>One of a few words.</summary>
    public T? Word<T>(Field field, scoped ReadOnlySpan<(string Word, T Value)> words)
        where T : struct
    {
        if (!Has(field))
            return null;
        if (_scan[field].Kind == JsonTokenType.String)
        {
            var text = Unescape(_scan.ValueOf(field));
            foreach (var (word, value) in words)
            {
                if (word == text)
                    return value;
            }
        }
        Fail(field, "one of " + Listed(words));
        return null;
    }

    /// <summary>An instant with its offset from UTC.</summary>
    public DateTimeOffset? Instant(Field field)
    {
        if (!Has(field))
            return null;
        if (
            _scan[field].Kind == JsonTokenType.String
            && Rfc3339.TryParse(Unescape(_scan.ValueOf(field)), out var instant)
        )
            return instant;
        Fail(field, "an instant such as \"2026-03-01T07:30:00Z\", with Z or an offset (RFC 3339)");
        return null;
    }

    /// <summary>The arguments of a routine.</summary>
    public JsonElement? Arguments(Field field)
    {
        if (!Has(field))
            return null;
        if (_scan[field].Kind is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            Fail(field, "an object of arguments by name, or an array by position");
            return null;
        }
        try
        {
            return JsonElement.Parse(_scan.ValueOf(field), Strict);
        }
        catch (JsonException)
        {
            // The line is known to be JSON: this can only be a name that stands twice in one object.
            Fail(
                new WireError(
                    ErrorCodes.BadJson,
                    $"An object in `{where}arguments` has a name twice: which of the two counts would be a guess."
                )
            );
            return null;
        }
    }

    /// <summary>A list of task numbers.</summary>
    public IReadOnlyList<long> TaskNumbers(Field field, int limit)
    {
        if (!Has(field))
            return [];
        var allowed = $"a list of 1 to {limit} task numbers, each an integer from 1 on";
        var numbers = new List<long>();
        var elements = Elements(field, limit, allowed);
        while (elements.MoveNext())
        {
            if (!TryInteger(elements.Value, elements.Kind, 1, long.MaxValue, out var number))
                Fail(field, allowed);
            numbers.Add(number);
        }
        return Error is null ? numbers : [];
    }

    /// <summary>A list of names.</summary>
    public IReadOnlyList<string> Names(Field field, int limit)
    {
        if (!Has(field))
            return [];
        var allowed = $"a list of 1 to {limit} strings, each {NameRule["a string ".Length..]}";
        var names = new List<string>();
        var elements = Elements(field, limit, allowed);
        while (elements.MoveNext())
        {
            var name = elements.Kind == JsonTokenType.String ? Unescape(elements.Value) : "";
            if (!IsName(name))
                Fail(field, allowed);
            names.Add(name);
        }
        return Error is null ? names : [];
    }

    /// <summary>One state or a list of states.</summary>
    public IReadOnlyList<string> States(Field field)
    {
        if (!Has(field))
            return [];
        var allowed = "one of " + string.Join(", ", TaskStates.All.Select(Quoted)) + ", or a list of them";
        if (_scan[field].Kind == JsonTokenType.String)
        {
            var state = Unescape(_scan.ValueOf(field));
            if (TaskStates.All.Contains(state))
                return [state];
            Fail(field, allowed);
            return [];
        }
        var states = new List<string>();
        var elements = Elements(field, TaskStates.All.Count, allowed);
        while (elements.MoveNext())
        {
            var state = elements.Kind == JsonTokenType.String ? Unescape(elements.Value) : "";
            if (!TaskStates.All.Contains(state))
                Fail(field, allowed);
            states.Add(state);
        }
        return Error is null ? states : [];
    }

    /// <summary>The values of a list that must have some. Their kinds are not checked yet.</summary>
    public ElementWalk Elements(Field field, int limit, string allowed)
    {
        if (_scan[field].Kind != JsonTokenType.StartArray)
        {
            Fail(field, allowed);
            return default;
        }
        var count = ElementWalk.Count(_scan.ValueOf(field));
        if (count >= 1 && count <= limit)
            return new ElementWalk(_scan.ValueOf(field));
        Fail(field, allowed);
        return default;
    }

    /// <summary>The bytes and the kind of a value.</summary>
    public readonly ReadOnlySpan<byte> ValueOf(Field field, out JsonTokenType kind)
    {
        kind = _scan[field].Kind;
        return _scan.ValueOf(field);
    }

    /// <summary>Notes that a field has to be there.</summary>
    public void Missing(Field field, string allowed)
    {
        var name = where + FieldTable.NameOf(field);
        Fail(new WireError(ErrorCodes.BadRequest, $"`{name}` is missing; it must be {allowed}.").With("field", name));
    }

    /// <summary>Refuses fields that do not belong here.</summary>
    public void AllowOnly(ulong allowed, string what)
    {
        var name =
            _scan.UnknownName
            ?? (
                (_scan.Present & ~allowed) is var wrong && wrong != 0
                    ? FieldTable.NameOf(FieldTable.FirstOf(wrong))
                    : null
            );
        if (name is null)
            return;
        var shown = Shorten(name);
        var nearest = Nearest.To(name, FieldTable.NamesOf(allowed));
        var hint = nearest is null
            ? $"It may have: {string.Join(", ", FieldTable.NamesOf(allowed))}."
            : $"Did you mean `{nearest}`?";
        var error = new WireError(ErrorCodes.UnknownField, $"{what} has no field `{where}{shown}`. {hint}").With(
            "field",
            where + shown
        );
        Fail(nearest is null ? error : error.With("nearest", nearest));
    }

    /// <summary>The text of a JSON string with its quotes.</summary>
    public static string Unescape(ReadOnlySpan<byte> quoted)
    {
        var raw = quoted[1..^1];
        if (!raw.Contains((byte)'\\'))
            return Encoding.UTF8.GetString(raw);
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>A text of a client within a message: the beginning is enough to recognise it.</summary>
    public static string Shorten(string text)
    {
        const int ShownLength = 64;
        return text.Length <= ShownLength ? text : text[..ShownLength] + "…";
    }

    internal static bool IsName(string text)
    {
        if (text.Length is 0 or > WireLimits.NameLength)
            return false;
        foreach (var character in text)
        {
            if (char.IsControl(character) || CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.Format)
                return false;
        }
        return true;
    }

    internal static bool TryInteger(ReadOnlySpan<byte> text, JsonTokenType kind, long least, long most, out long value)
    {
        value = 0;
        return kind == JsonTokenType.Number
            && Utf8Parser.TryParse(text, out value, out var used)
            && used == text.Length
            && value >= least
            && value <= most;
    }

    private static string NameRule { get; } =
        $"a string of 1 to {WireLimits.NameLength} characters without control characters";

    private static string IntegerRule(long least, long most) =>
        most == long.MaxValue ? $"an integer from {least} on" : $"an integer from {least} to {most}";

    private static string Quoted(string word) => $"\"{word}\"";

    private static string Listed<T>(scoped ReadOnlySpan<(string Word, T Value)> words)
    {
        var text = new StringBuilder();
        foreach (var (word, _) in words)
            text.Append(text.Length == 0 ? "" : ", ").Append(Quoted(word));
        return text.ToString();
    }
}
