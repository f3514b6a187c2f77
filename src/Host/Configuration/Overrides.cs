namespace AptTask.Host.Configuration;

/// <summary>Lays settings of the environment and of <c>--set</c> over the table that was read from the file.</summary>
internal static class Overrides
{
    private const string VariablePrefix = "APTASK__";

    /// <summary>Applies the environment, then <c>--set</c>: the later holds.</summary>
    public static void Apply(
        TomlNode.Table root,
        IReadOnlyList<string> sets,
        IReadOnlyDictionary<string, string> environment,
        Findings findings
    )
    {
        foreach (var (name, value) in environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (name.StartsWith(VariablePrefix, StringComparison.Ordinal))
                Put(root, name[VariablePrefix.Length..].ToLowerInvariant().Split("__"), value, name, findings);
        }
        foreach (var set in sets)
        {
            var equals = set.IndexOf('=');
            if (equals < 0)
                findings.Problem(
                    new TextMark($"--set {Printable.Of(set)}", 0, 0),
                    "A setting is written table.key=value."
                );
            else
                Put(root, set[..equals].Split('.'), set[(equals + 1)..], $"--set {Printable.Of(set)}", findings);
        }
    }

    private static void Put(TomlNode.Table root, string[] path, string text, string source, Findings findings)
    {
        var mark = new TextMark(source, 0, 0);
        if (path.Length < 2 || path.Contains(""))
        {
            findings.Problem(mark, "A setting is named by its table and its key.", "For example server.tcp.");
            return;
        }
        var table = root;
        foreach (var name in path[..^1])
        {
            if (!table.Entries.TryGetValue(name, out var entry))
                entry = table.Entries[name] = (mark, new TomlNode.Table(mark));
            if (entry.Value is not TomlNode.Table inner)
            {
                findings.Problem(
                    mark,
                    $"{name} is {entry.Value.Kind} there and cannot be set from here.",
                    "Set it in the file."
                );
                return;
            }
            table = inner;
        }
        table.Entries[path[^1]] = (mark, Value(mark, text));
    }

    /// <summary>What reads as a number, truth or array of TOML is one; everything else is text without quotes.</summary>
    private static TomlNode Value(TextMark mark, string text) =>
        TomlTree.ParseValue(mark.File, text) switch
        {
            TomlNode.Text quoted => quoted with { Mark = mark },
            TomlNode.Whole whole => whole with { Mark = mark, Raw = text },
            TomlNode.Fraction fraction => fraction with { Mark = mark, Raw = text },
            TomlNode.Truth truth => truth with { Mark = mark, Raw = text },
            TomlNode.List list => list with { Mark = mark },
            _ => new TomlNode.Text(mark, text) { Raw = text },
        };
}
