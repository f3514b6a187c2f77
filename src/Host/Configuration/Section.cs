using System.Collections.Immutable;
using System.Text.Json;

namespace AptTask.Host.Configuration;

/// <summary>
/// Reads one table, key by key, and says where and why a value does not fit. Every key that is asked for counts as known;
/// <see cref="Close"/> refuses the rest. A wrong value is reported and the default taken, so that reading goes on.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="path">Its name in messages: <c>server</c>, <c>plugin[]</c>; empty for the root.</param>
/// <param name="folder">What relative paths are relative to.</param>
/// <param name="findings">Where problems go.</param>
internal sealed class Section(TomlNode.Table table, string path, string folder, Findings findings)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Where the table stands.</summary>
    public TextMark Mark => table.Mark;

    /// <summary>Where problems go.</summary>
    public Findings Findings => findings;

    /// <summary>The keys that are there.</summary>
    public IEnumerable<string> Keys => table.Entries.Keys;

    /// <summary>Whether a key is there.</summary>
    public bool Has(string key) => table.Entries.ContainsKey(key);

    /// <summary>Where a key's value stands, or the table if it is not there.</summary>
    public TextMark At(string key) => table.Entries.TryGetValue(key, out var entry) ? entry.Value.Mark : table.Mark;

    /// <summary>The key's full name.</summary>
    public string Name(string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>A value as it stands; null when it is not there.</summary>
    public TomlNode? Any(string key)
    {
        _known.Add(key);
        findings.KnownKeys.Add(Name(key));
        return table.Entries.TryGetValue(key, out var entry) ? entry.Value : null;
    }

    /// <summary>A string.</summary>
    public string? Text(string key)
    {
        switch (Any(key))
        {
            case null:
                return null;
            case { Raw: { } raw }:
                return raw;
            case TomlNode.Text text:
                return text.Value;
            case var other:
                return Wrong<string>(key, other, "a string");
        }
    }

    /// <summary>A string that must be there and not be empty.</summary>
    public string RequiredText(string key)
    {
        if (!Has(key))
        {
            Any(key);
            findings.Problem(table.Mark, $"{Name(key)} is missing.");
            return "";
        }
        var text = Text(key);
        if (text is "")
            findings.Problem(At(key), $"{Name(key)} must not be empty.");
        return text ?? "";
    }

    /// <summary>A whole number in a range.</summary>
    public long? Whole(string key, long least, long most)
    {
        switch (Any(key))
        {
            case null:
                return null;
            case TomlNode.Whole whole when whole.Value >= least && whole.Value <= most:
                return whole.Value;
            case var other:
                return Wrong<long?>(key, other, $"a whole number from {least} to {most}");
        }
    }

    /// <summary>A whole number in a range.</summary>
    public int? Count(string key, int least, int most) => (int?)Whole(key, least, most);

    /// <summary>A number in a range.</summary>
    public double? Number(string key, double least, double most)
    {
        double? value = Any(key) switch
        {
            TomlNode.Whole whole => whole.Value,
            TomlNode.Fraction fraction => fraction.Value,
            _ => null,
        };
        if (value is { } number && number >= least && number <= most)
            return number;
        return Any(key) is { } other ? Wrong<double?>(key, other, $"a number from {least} to {most}") : null;
    }

    /// <summary>True or false.</summary>
    public bool? Truth(string key)
    {
        switch (Any(key))
        {
            case null:
                return null;
            case TomlNode.Truth truth:
                return truth.Value;
            case var other:
                return Wrong<bool?>(key, other, "true or false");
        }
    }

    /// <summary>A duration in a range.</summary>
    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most)
    {
        if (Any(key) is not { } node)
            return null;
        if (TextOf(node) is not { } text || !Units.TryDuration(text, out var duration))
            return Wrong<TimeSpan?>(key, node, Units.DurationForm);
        if (duration >= least && duration <= most)
            return duration;
        return Wrong<TimeSpan?>(key, node, $"a duration from {Units.Write(least)} to {Units.Write(most)}");
    }

    /// <summary>A size in a range, in bytes.</summary>
    public long? Size(string key, long least, long most)
    {
        if (Any(key) is not { } node)
            return null;
        if (TextOf(node) is not { } text || !Units.TrySize(text, out var bytes))
            return Wrong<long?>(key, node, Units.SizeForm);
        if (bytes >= least && bytes <= most)
            return bytes;
        return Wrong<long?>(key, node, $"a size from {Units.Write(least)} to {Units.Write(most)}");
    }

    /// <summary>One of some words.</summary>
    public T? Choice<T>(string key, params ReadOnlySpan<(string Word, T Value)> choices)
        where T : struct
    {
        if (Any(key) is not { } node)
            return null;
        var text = TextOf(node);
        foreach (var (word, value) in choices)
        {
            if (word == text)
                return value;
        }
        var words = choices.ToArray().Select(choice => choice.Word).ToArray();
        findings.Problem(
            node.Mark,
            $"{Name(key)} must be one of {string.Join(", ", words.Select(word => $"\"{word}\""))}, not {node.Kind}.",
            text is null ? null : Nearest.Suggest(text, words)
        );
        return null;
    }

    /// <summary>An array of strings.</summary>
    public ImmutableArray<string>? Words(string key)
    {
        switch (Any(key))
        {
            case null:
                return null;
            case TomlNode.List { OfTables: false } list when list.Items.TrueForAll(item => item is TomlNode.Text):
                return [.. list.Items.Cast<TomlNode.Text>().Select(item => item.Value)];
            case { Raw: { } raw } and not TomlNode.List:
                return [raw];
            case var other:
                return Wrong<ImmutableArray<string>?>(key, other, "an array of strings");
        }
    }

    /// <summary>An absolute path: relative ones are taken from the folder of the file. Empty stays empty.</summary>
    public string? Path(string key) => Text(key) is { } text ? Absolute(text) : null;

    /// <summary>A path made absolute. Empty stays empty.</summary>
    public string Absolute(string text) => text.Length == 0 ? "" : System.IO.Path.GetFullPath(text, folder);

    /// <summary>A table within, or an empty one when it is not there.</summary>
    public Section Table(string key)
    {
        var inner = Any(key) switch
        {
            null => new TomlNode.Table(table.Mark),
            TomlNode.Table found => found,
            var other => Wrong<TomlNode.Table>(key, other, "a table") ?? new TomlNode.Table(other.Mark),
        };
        return new Section(inner, Name(key), folder, findings);
    }

    /// <summary>Tables of the form <c>[[name]]</c>.</summary>
    public List<Section> Tables(string key)
    {
        switch (Any(key))
        {
            case null:
                return [];
            case TomlNode.List list when list.Items.TrueForAll(item => item is TomlNode.Table):
                return
                [
                    .. list.Items.Select(item => new Section((TomlNode.Table)item, Name(key) + "[]", folder, findings)),
                ];
            case TomlNode.Table single:
                findings.Problem(single.Mark, $"{Name(key)} must be written with two brackets: [[{Name(key)}]].");
                return [];
            case var other:
                Wrong<string>(key, other, $"tables of the form [[{Name(key)}]]");
                return [];
        }
    }

    /// <summary>A value as JSON; null when it is not there.</summary>
    public JsonElement? Json(string key) => Any(key) is { } node ? TomlJson.Of(node) : null;

    /// <summary>Refuses every key that nobody asked for.</summary>
    public void Close()
    {
        foreach (var (key, (mark, _)) in table.Entries)
        {
            if (_known.Contains(key))
                continue;
            var shown = Printable.Of(Name(key));
            findings.Problem(
                mark,
                $"{shown} is not known here.",
                Nearest.Suggest(key, _known) ?? $"Known are: {string.Join(", ", _known.Order(StringComparer.Ordinal))}."
            );
        }
    }

    /// <summary>Reports a value that does not fit.</summary>
    public T? Wrong<T>(string key, TomlNode node, string wanted)
    {
        findings.Problem(node.Mark, $"{Name(key)} must be {wanted}, not {node.Kind}.");
        return default;
    }

    private static string? TextOf(TomlNode node) => node.Raw ?? (node as TomlNode.Text)?.Value;
}
