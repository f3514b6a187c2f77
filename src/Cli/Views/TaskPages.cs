using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AptTask.Protocol;
using Spectre.Console;

namespace AptTask.Cli.Views;

/// <summary>Tasks and what they leave, for people.</summary>
internal static class TaskPages
{
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The tasks that are not final.</summary>
    public static void Print(IAnsiConsole console, ActiveAnswer answer)
    {
        var columns = new Columns(">task", "job", "routine", "state", ">position", ">progress", "message");
        foreach (var row in answer.Active)
        {
            columns.Add(
                Number(row.TaskId),
                row.JobId,
                row.Routine,
                row.Stopping ? row.State + ", stopping" : row.State,
                row.Position == 0 ? "" : Number(row.Position),
                Percent(row.Progress),
                row.Message
            );
        }
        columns.Print(console, "Nothing is waiting or running.");
        if (answer.More > 0)
            console.WriteLine($"… and {answer.More} more.");
    }

    /// <summary>Tasks of a page.</summary>
    public static void Print(IAnsiConsole console, IReadOnlyList<TaskView> tasks, TimeProvider time)
    {
        var columns = new Columns(
            ">task",
            "job",
            "routine",
            "state",
            "reason",
            ">attempt",
            "created",
            ">ran",
            "message"
        );
        foreach (var task in tasks)
        {
            columns.Add(
                Number(task.TaskId),
                task.JobId,
                task.Routine,
                task.State,
                ReasonOf(task.Reason, task.ExitCode),
                task.Attempt == 0 ? "" : Number(task.Attempt),
                TimeText.Moment(task.Created, time),
                task is { Started: { } started, Finished: { } finished } ? TimeText.Duration(finished - started) : "",
                task.Message
            );
        }
        columns.Print(console, "No tasks.");
    }

    /// <summary>One task whole.</summary>
    public static void Print(IAnsiConsole console, TaskView task, TimeProvider time) =>
        Columns.PrintFacts(
            console,
            ("task", Number(task.TaskId)),
            ("job", task.JobId),
            ("group", task.Group),
            ("routine", task.Routine),
            ("arguments", task.Arguments?.GetRawText()),
            ("waits for", task.WaitFor is null ? null : string.Join(", ", task.WaitFor.Select(Dependency))),
            ("priority", task.Priority == 0 ? null : Number(task.Priority)),
            ("lane", task.Lane),
            ("state", task.Stopping ? task.State + ", stopping" : task.State),
            ("reason", ReasonOf(task.Reason, task.ExitCode)),
            ("because of", task.Chain),
            (
                "attempt",
                task.Attempt == 0 ? null
                : task.Attempts is { } all ? $"{task.Attempt} of {all}"
                : Number(task.Attempt)
            ),
            ("created", TimeText.Moment(task.Created, time)),
            ("started", TimeText.Moment(task.Started, time)),
            ("finished", TimeText.Moment(task.Finished, time)),
            ("due", TimeText.Moment(task.Due ?? task.NotBefore, time)),
            ("deadline", TimeText.Moment(task.Deadline, time)),
            ("progress", Percent(task.Progress)),
            ("message", task.Message)
        );

    /// <summary>What a task left.</summary>
    public static void Print(IAnsiConsole console, ResultView result, TimeProvider time)
    {
        Columns.PrintFacts(
            console,
            ("task", result.TaskId is { } task ? Number(task) : null),
            ("job", result.JobId),
            ("routine", result.Routine),
            ("state", result.State),
            ("reason", ReasonOf(result.Reason, result.ExitCode)),
            ("because of", result.Chain),
            ("finished", TimeText.Moment(result.Finished, time)),
            (
                "ran",
                result is { Started: { } started, Finished: { } finished }
                    ? TimeText.Duration(finished - started)
                    : null
            ),
            ("message", result.Report?.Message)
        );
        foreach (var (name, data) in result.Posted ?? new Dictionary<string, JsonElement>())
            PrintBlock(console, $"posted {name}", DataText(data));
        if (result.Worklog is { Count: > 0 } worklog)
            PrintBlock(console, "worklog", string.Concat(worklog.Select(entry => entry.Text)));
        if (result.Data is { ValueKind: not JsonValueKind.Null } returned)
            PrintBlock(console, "data", DataText(returned));
    }

    /// <summary>Why a task is not running.</summary>
    public static void Print(IAnsiConsole console, ExplainAnswer answer)
    {
        console.WriteLine($"Task {answer.TaskId} is {TerminalText.Line(answer.State)}.");
        foreach (var reason in answer.Reasons)
            console.WriteLine($"- {TerminalText.Line(reason.Message)}");
    }

    /// <summary>The routines.</summary>
    public static void Print(IAnsiConsole console, IReadOnlyList<RoutineView> routines)
    {
        var columns = new Columns("routine", "kind", "arguments", "help");
        foreach (var routine in routines)
        {
            columns.Add(
                routine.Name,
                routine.Kind,
                string.Join(
                    ' ',
                    routine.Arguments.Select(argument => argument.Required ? argument.Name : $"[{argument.Name}]")
                ),
                routine.Unavailable is null ? FirstLine(routine.Help) : "unavailable: " + routine.Unavailable
            );
        }
        columns.Print(console, "No routines: nothing is allowed to run, or not for this key.");
    }

    /// <summary>One routine with its arguments.</summary>
    public static void Print(IAnsiConsole console, RoutineView routine)
    {
        Columns.PrintFacts(
            console,
            ("routine", routine.Name),
            ("kind", routine.Kind),
            ("from", routine.Origin),
            ("help", routine.Help),
            ("lane", routine.Lane),
            ("other lanes", routine.Lanes is null ? null : string.Join(", ", routine.Lanes)),
            (
                "timeout",
                routine.TimeoutSeconds is { } seconds ? TimeText.Duration(TimeSpan.FromSeconds(seconds)) : null
            ),
            ("unavailable", routine.Unavailable)
        );
        if (routine.Arguments.Count == 0)
            return;
        console.WriteLine();
        var columns = new Columns("argument", "type", "required", "default", "limits", "help");
        foreach (var argument in routine.Arguments)
        {
            columns.Add(
                argument.Name,
                argument.Secret == true ? argument.Type + ", secret" : argument.Type,
                argument.Required ? "yes" : "",
                argument.Default?.GetRawText(),
                argument.Limits?.GetRawText(),
                argument.Help
            );
        }
        columns.Print(console, "");
    }

    /// <summary>Data for people: a text as it is, anything else as JSON.</summary>
    public static string DataText(JsonElement data)
    {
        if (data.ValueKind == JsonValueKind.String)
            return data.GetString()!;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
            data.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>A reason with its exit code.</summary>
    public static string? ReasonOf(string? reason, int? exitCode) =>
        reason == "exit_code" && exitCode is { } code ? $"exit code {code}" : reason;

    private static void PrintBlock(IAnsiConsole console, string heading, string text)
    {
        console.Write(new Text(TerminalText.Line(heading) + "\n", new Style(decoration: Decoration.Bold)));
        foreach (var line in text.TrimEnd('\n').Split('\n'))
            console.WriteLine("  " + TerminalText.Lines(line));
    }

    private static string Dependency(WaitForView wait) =>
        $"{wait.Job}{(wait.When == WaitForEnd.Done ? "" : wait.When == WaitForEnd.Failed ? " to fail" : " to finish")} ({wait.State ?? "never submitted"})";

    private static string FirstLine(string text) => text.Split('\n', 2)[0];

    private static string Percent(double? progress) => progress is { } part ? $"{part * 100:0} %" : "";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
