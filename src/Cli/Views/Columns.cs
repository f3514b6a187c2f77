using Spectre.Console;

namespace AptTask.Cli.Views;

/// <summary>A table for people. Every cell is text and never markup, and harmless for the terminal.</summary>
internal sealed class Columns
{
    private readonly Table _table = new Table().Border(TableBorder.None).Collapse();

    /// <summary>Makes one.</summary>
    /// <param name="headings">The headings; one that begins with <c>&gt;</c> is over numbers.</param>
    public Columns(params IEnumerable<string> headings)
    {
        foreach (var heading in headings)
        {
            var column = new TableColumn(
                new Text(heading.TrimStart('>'), new Style(decoration: Decoration.Bold))
            ).NoWrap();
            _table.AddColumn(heading.StartsWith('>') ? column.RightAligned() : column);
        }
    }

    /// <summary>Adds a row.</summary>
    public void Add(params IEnumerable<string?> cells) =>
        _table.AddRow(cells.Select(cell => new Text(TerminalText.Line(cell))));

    /// <summary>Prints the table, or a sentence when it has no rows.</summary>
    public void Print(IAnsiConsole console, string nothing)
    {
        if (_table.Rows.Count == 0)
            console.WriteLine(nothing);
        else
            console.Write(_table);
    }

    /// <summary>Prints names and values, one pair a line; pairs without a value are left out.</summary>
    public static void PrintFacts(IAnsiConsole console, params IEnumerable<(string Name, string? Value)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(0, 0, 2, 0)).AddColumn(new GridColumn());
        foreach (var (name, value) in facts.Where(fact => !string.IsNullOrEmpty(fact.Value)))
            grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(TerminalText.Lines(value!)));
        console.Write(grid);
    }
}
