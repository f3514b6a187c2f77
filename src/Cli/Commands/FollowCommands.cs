using System.CommandLine;
using System.Globalization;
using AptTask.Protocol;

namespace AptTask.Cli.Commands;

/// <summary>The commands that go on as long as something happens.</summary>
internal static class FollowCommands
{
    /// <summary>Makes <c>watch</c>.</summary>
    public static Command Watch(CommandMaker maker)
    {
        var task = new Argument<string?>("task")
        {
            Description = "One task; else all of the group.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var from = new Option<long?>("--from")
        {
            Description = "The first sequence number that is wanted, if it is still kept; else from now on.",
            HelpName = "seq",
        };
        return maker.Make(
            "watch",
            "Shows what happens, as it happens. A watch of one task ends with the task, else with Ctrl-C.",
            [task, from],
            async (talk, cancellationToken) =>
            {
                var (number, job) = talk.Parsed.GetValue(task) is { } name ? TaskName.Parse(name) : default;
                var request = new WatchRequest
                {
                    TaskId = number,
                    JobId = job,
                    From = talk.Parsed.GetValue(from),
                };
                await foreach (var reply in talk.FollowAsync(request, cancellationToken))
                {
                    if (reply.IsError)
                        reply.ToAnswer<WatchAnswer>();
                    if (!talk.Json && reply.ToEvent() is { } happened && Describe(happened) is { } line)
                        talk.Surroundings.Say(
                            $"{TimeText.Moment(happened.At, talk.Surroundings.Time)}  {TerminalText.Line(line)}"
                        );
                }
                return ExitCodes.Ok;
            },
            "aptask watch",
            "aptask watch 17 --json"
        );
    }

    /// <summary>Makes <c>log</c>.</summary>
    public static Command Log(CommandMaker maker)
    {
        var task = TaskName.Argument();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the task is final." };
        var offset = new Option<long?>("--offset") { Description = "The byte to begin with.", HelpName = "byte" };
        return maker.Make(
            "log",
            "Prints what a task printed and logged. On a terminal, control characters are shown and not done.",
            [task, follow, offset],
            async (talk, cancellationToken) =>
            {
                var (number, job) = TaskName.Parse(talk.Parsed.GetRequiredValue(task));
                var request = new LogRequest
                {
                    TaskId = number,
                    JobId = job,
                    Offset = talk.Parsed.GetValue(offset),
                    Follow = talk.Parsed.GetValue(follow),
                };
                if (request.Follow)
                    await FollowLogAsync(talk, request, cancellationToken);
                else
                    await PrintLogAsync(talk, request, cancellationToken);
                return ExitCodes.Ok;
            },
            "aptask log 17",
            "aptask log nightly-backup -f"
        );
    }

    private static async Task FollowLogAsync(Conversation talk, LogRequest request, CancellationToken cancellationToken)
    {
        await foreach (var reply in talk.FollowAsync(request, cancellationToken))
        {
            if (reply.Event is null)
            {
                var answer = reply.ToAnswer<LogAnswer>();
                Print(talk, answer.Entries);
                if (answer.Complete)
                    return;
            }
            else if (!talk.Json && reply.ToEvent() is LogEvent written)
            {
                Print(talk, written.Text);
            }
        }
    }

    private static async Task PrintLogAsync(Conversation talk, LogRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await talk.AskAsync(request, cancellationToken);
            Print(talk, answer.Entries);
            if (answer.Entries.Count == 0 || answer.NextOffset <= (request.Offset ?? 0))
                return;
            request = request with { Offset = answer.NextOffset };
        }
    }

    private static void Print(Conversation talk, IReadOnlyList<LogEntry> entries)
    {
        if (talk.Json)
            return;
        foreach (var entry in entries)
            Print(talk, entry.Text);
    }

    private static void Print(Conversation talk, string text)
    {
        talk.Surroundings.Out.Write(talk.Surroundings.IsTerminal ? TerminalText.Lines(text) : text);
        talk.Surroundings.Out.Flush();
    }

    private static string? Describe(WireEvent happened)
    {
        var who = happened.JobId is null
            ? $"task {happened.TaskId?.ToString(CultureInfo.InvariantCulture)}"
            : $"task {happened.TaskId?.ToString(CultureInfo.InvariantCulture)} {happened.JobId}";
        return happened switch
        {
            StateEvent state =>
                $"{who}  {state.State}{(state.Reason is null ? "" : $" ({state.Reason})")}{(state.Attempt > 1 ? $", attempt {state.Attempt}" : "")}{(state.Stopping ? ", stopping" : "")}",
            ReportEvent report => $"{who}  {report.Progress * 100:0} % {report.Message}".TrimEnd(),
            PostedEvent posted =>
                $"{who}  posted {posted.Name} {(posted.Data is { } data ? data.GetRawText() : "(large)")}",
            EndEvent { Code: { } code } => $"the watch ended: {code}",
            _ => null,
        };
    }
}
