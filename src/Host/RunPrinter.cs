using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Spectre.Console;

namespace AptTask.Host;

/// <summary>Shows the lines of <c>aptaskd run</c> to people: a line for each move, and a table of the results at the end.</summary>
internal sealed class RunPrinter(IAnsiConsole console)
{
    private readonly Dictionary<long, string> _names = [];
    private readonly Table _results = new Table().Border(TableBorder.Simple).AddColumns("task", "state", "result");
    private bool _hasResults;

    /// <summary>Shows lines until they end.</summary>
    public async Task PrintAsync(PipeReader lines)
    {
        using var reader = new StreamReader(lines.AsStream(), Encoding.UTF8);
        while (await reader.ReadLineAsync() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            Show(document.RootElement);
        }

        if (_hasResults)
            console.Write(_results);
    }

    private void Show(JsonElement line)
    {
        if (Text(line, "event") is { } kind)
            ShowEvent(kind, line);
        else if (Text(line, "status") == "error")
            console.MarkupLineInterpolated($"[red]refused[/] {Text(line, "code")}: {Shown(Text(line, "message"))}");
        else if (line.TryGetProperty("result", out var result))
            AddResult(result);
    }

    private void ShowEvent(string kind, JsonElement line)
    {
        if (!line.TryGetProperty("taskid", out var task))
            return;
        var name = Text(line, "jobid") ?? $"task {task.GetInt64()}";
        _names[task.GetInt64()] = name;
        var at = line.TryGetProperty("at", out var instant)
            ? instant.GetDateTimeOffset().ToLocalTime().ToString("HH:mm:ss.fff")
            : "";
        switch (kind)
        {
            case "state":
                var state = Text(line, "state")!;
                var why = Text(line, "reason") is { } reason ? $" ({reason})" : "";
                console.Write(
                    new Markup($"[grey]{at}[/] {Escape(name), -24} [{ColourOf(state)}]{state}{Escape(why)}[/]\n")
                );
                break;
            case "report":
                var percent = line.TryGetProperty("progress", out var progress) ? $"{progress.GetDouble():P0}" : "";
                console.Write(
                    new Markup($"[grey]{at}[/] {Escape(name), -24} {percent} {Escape(Shown(Text(line, "message")))}\n")
                );
                break;
            case "posted":
                console.Write(
                    new Markup($"[grey]{at}[/] {Escape(name), -24} posted {Escape(Shown(Text(line, "name")))}\n")
                );
                break;
        }
    }

    private void AddResult(JsonElement result)
    {
        _hasResults = true;
        var state = Text(result, "state")!;
        var name = Text(result, "jobid") ?? $"task {result.GetProperty("taskid").GetInt64()}";
        var data = result.TryGetProperty("data", out var value) ? DataOf(value) : MessageOf(result);
        _results.AddRow(
            new Markup(Escape(name)),
            new Markup($"[{ColourOf(state)}]{state}[/]"),
            new Text(Shown(Beginning(data), keepLines: true))
        );
    }

    /// <summary>Enough to see what it is; `--json` shows all of it.</summary>
    private static string? Beginning(string? data)
    {
        const int Characters = 300;
        return data is null || data.Length <= Characters
            ? data
            : $"{data[..Characters]}… ({data.Length} characters; --json shows all)";
    }

    private static string? DataOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()!.TrimEnd() : value.GetRawText();

    private static string? MessageOf(JsonElement result) =>
        result.TryGetProperty("report", out var report) ? Text(report, "message") : null;

    private static string? Text(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Escape(string text) => Markup.Escape(Shown(text));

    private static string ColourOf(string state) =>
        state switch
        {
            "done" => "green",
            "failed" or "stopped" => "red",
            "skipped" => "yellow",
            "running" => "blue",
            _ => "grey",
        };

    /// <summary>What came from tasks must not steer the terminal.</summary>
    private static string Shown(string? text, bool keepLines = false)
    {
        if (text is null)
            return "";
        var shown = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (char.IsControl(character) && !(keepLines && character == '\n'))
                shown.Append($"\\x{(int)character:X2}");
            else
                shown.Append(character);
        }

        return shown.ToString();
    }
}
