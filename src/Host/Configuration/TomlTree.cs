using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace AptTask.Host.Configuration;

/// <summary>
/// Turns TOML text into nodes that know where they stand. Tomlyn's syntax tree is used and not its serializer: the
/// serializer takes duplicate keys or drops unknown ones, depending on the mode, and both must be errors here.
/// </summary>
internal sealed class TomlTree
{
    /// <summary>Tables within tables; also bounds the recursion.</summary>
    private const int MaxDepth = 16;

    private readonly string _file;
    private readonly Findings _findings;

    private TomlTree(string file, Findings findings)
    {
        _file = file;
        _findings = findings;
    }

    /// <summary>The root table, or null after saying what is wrong.</summary>
    public static TomlNode.Table? Parse(string file, string text, Findings findings)
    {
        if (TooDeep(text) is { } offset)
        {
            var line = text.AsSpan(0, offset).Count('\n') + 1;
            findings.Problem(new TextMark(file, line, 0), $"Values are nested more than {MaxDepth} deep.");
            return null;
        }
        var document = SyntaxParser.Parse(text, file, validate: true);
        foreach (var diagnostic in document.Diagnostics.Where(item => item.Kind == DiagnosticMessageKind.Error))
        {
            findings.Problem(Mark(file, diagnostic.Span), Printable.Of(diagnostic.Message));
        }
        if (document.HasErrors)
            return null;
        var before = findings.Problems.Count;
        var root = new TomlTree(file, findings).Read(document);
        return findings.Problems.Count == before ? root : null;
    }

    /// <summary>The value of one piece of TOML, or null if it is none.</summary>
    public static TomlNode? ParseValue(string file, string text)
    {
        if (text.Contains('\n') || TooDeep(text) is not null)
            return null;
        var findings = new Findings();
        return Parse(file, "value = " + text, findings)?.Entries["value"].Value;
    }

    private static TextMark Mark(string file, SourceSpan span) => new(file, span.Start.Line + 1, span.Start.Column + 1);

    /// <summary>
    /// Where brackets open deeper than any value may be, or null. The parser recurses without a limit of its own
    /// (100,000 brackets overflow its stack), so this has to come before it.
    /// </summary>
    private static int? TooDeep(string text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' or '\'':
                    i = EndOfString(text, i);
                    break;
                case '#':
                    i = text.IndexOf('\n', i) is var end and >= 0 ? end : text.Length;
                    break;
                case '[' or '{':
                    if (++depth > MaxDepth * 2)
                        return i;
                    break;
                case ']' or '}':
                    depth = Math.Max(0, depth - 1);
                    break;
            }
        }
        return null;
    }

    /// <summary>The last quote of the string that begins here; the end of its line or of the text if it is not closed.</summary>
    private static int EndOfString(string text, int start)
    {
        var quote = text[start];
        var fence = new string(quote, 3);
        var isMultiLine = string.CompareOrdinal(text, start, fence, 0, 3) == 0;
        for (var i = start + (isMultiLine ? 3 : 1); i < text.Length; i++)
        {
            if (text[i] == '\\' && quote == '"')
                i++;
            else if (text[i] == '\n' && !isMultiLine)
                return i;
            else if (text[i] == quote && !isMultiLine)
                return i;
            else if (text[i] == quote && string.CompareOrdinal(text, i, fence, 0, 3) == 0)
                return i + 2;
        }
        return text.Length;
    }

    private TomlNode.Table Read(DocumentSyntax document)
    {
        var root = new TomlNode.Table(new TextMark(_file, 1, 1));
        foreach (var pair in document.KeyValues)
            Put(root, pair, 0);
        foreach (var table in document.Tables)
        {
            if (table.Name is null || Open(root, table) is not { } target)
                continue;
            foreach (var pair in table.Items)
                Put(target, pair, 1);
        }
        return root;
    }

    private TomlNode.Table? Open(TomlNode.Table root, TableSyntaxBase table)
    {
        var path = Path(table.Name!);
        if (Descend(root, path.AsSpan()[..^1]) is not { } parent)
            return null;
        var (name, mark) = path[^1];
        var fresh = new TomlNode.Table(Mark(_file, table.Span));
        if (!parent.Entries.TryGetValue(name, out var known))
        {
            TomlNode value = table is TableArraySyntax ? new TomlNode.List(mark, [fresh], OfTables: true) : fresh;
            parent.Entries.Add(name, (mark, value));
            return fresh;
        }
        switch (known.Value)
        {
            case TomlNode.List { OfTables: true } list when table is TableArraySyntax:
                list.Items.Add(fresh);
                return fresh;
            case TomlNode.Table open when table is TableSyntax:
                return open;
            default:
                _findings.Problem(mark, $"\"{name}\" is already there, as {known.Value.Kind}.");
                return null;
        }
    }

    private void Put(TomlNode.Table table, KeyValueSyntax pair, int depth)
    {
        if (pair.Key is null || pair.Value is null)
            return;
        var path = Path(pair.Key);
        if (Descend(table, path.AsSpan()[..^1]) is not { } parent || Value(pair.Value, depth + 1) is not { } value)
            return;
        var (name, mark) = path[^1];
        if (!parent.Entries.TryAdd(name, (mark, value)))
            _findings.Problem(mark, $"\"{name}\" stands here a second time.", "Keep one of them.");
    }

    private TomlNode.Table? Descend(TomlNode.Table table, ReadOnlySpan<(string Name, TextMark Mark)> path)
    {
        if (path.Length > MaxDepth)
        {
            _findings.Problem(path[0].Mark, $"Tables are nested more than {MaxDepth} deep.");
            return null;
        }
        foreach (var (name, mark) in path)
        {
            if (!table.Entries.TryGetValue(name, out var known))
            {
                var fresh = new TomlNode.Table(mark);
                table.Entries.Add(name, (mark, fresh));
                table = fresh;
                continue;
            }
            switch (known.Value)
            {
                case TomlNode.Table inner:
                    table = inner;
                    break;
                case TomlNode.List { OfTables: true, Items: [.., TomlNode.Table last] }:
                    table = last;
                    break;
                default:
                    _findings.Problem(mark, $"\"{name}\" is {known.Value.Kind} and cannot hold keys.");
                    return null;
            }
        }
        return table;
    }

    private (string Name, TextMark Mark)[] Path(KeySyntax key) =>
        [Part(key.Key), .. key.DotKeys.Select(dotted => Part(dotted.Key))];

    private (string Name, TextMark Mark) Part(BareKeyOrStringValueSyntax? part)
    {
        var name = part switch
        {
            BareKeySyntax bare => bare.Key?.Text ?? "",
            StringValueSyntax text => text.Value ?? "",
            _ => "",
        };
        var mark = part is null ? new TextMark(_file, 0, 0) : Mark(_file, part.Span);
        CheckText(name, mark);
        return (name, mark);
    }

    private TomlNode? Value(ValueSyntax value, int depth)
    {
        var mark = Mark(_file, value.Span);
        if (depth > MaxDepth)
        {
            _findings.Problem(mark, $"Values are nested more than {MaxDepth} deep.");
            return null;
        }
        switch (value)
        {
            case StringValueSyntax text:
                CheckText(text.Value ?? "", mark);
                return new TomlNode.Text(mark, text.Value ?? "");
            case IntegerValueSyntax whole:
                return new TomlNode.Whole(mark, whole.Value);
            case FloatValueSyntax fraction:
                return new TomlNode.Fraction(mark, fraction.Value);
            case BooleanValueSyntax truth:
                return new TomlNode.Truth(mark, truth.Value);
            case DateTimeValueSyntax instant:
                var offset = instant.Kind is SyntaxKind.OffsetDateTimeByZ or SyntaxKind.OffsetDateTimeByNumber;
                return new TomlNode.Instant(mark, offset ? instant.Value.DateTime : null);
            case ArraySyntax array:
                var items = array.Items.Select(item => item.Value is null ? null : Value(item.Value, depth + 1));
                return new TomlNode.List(mark, [.. items.OfType<TomlNode>()], OfTables: false);
            case InlineTableSyntax inline:
                var table = new TomlNode.Table(mark);
                foreach (var item in inline.Items)
                {
                    if (item.KeyValue is { } pair)
                        Put(table, pair, depth);
                }
                return table;
            default:
                _findings.Problem(mark, "This is not a value that is known here.");
                return null;
        }
    }

    private void CheckText(string text, TextMark mark)
    {
        if (text.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\t')))
        {
            _findings.Problem(
                mark,
                "The text holds a control character.",
                "Take it out; only newline and tab may stand in text."
            );
        }
    }
}
