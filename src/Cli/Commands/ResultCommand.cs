using System.CommandLine;
using System.Text.Json;
using AptTask.Cli.Views;
using AptTask.Protocol;

namespace AptTask.Cli.Commands;

/// <summary>Fetches results.</summary>
internal static class ResultCommand
{
    /// <summary>What somebody wants of a result.</summary>
    [Flags]
    internal enum Wish
    {
        /// <summary>All that there is.</summary>
        All = 0,

        /// <summary>The data and nothing else.</summary>
        DataOnly = 1,

        /// <summary>And acknowledge it.</summary>
        Ack = 2,
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandMaker maker)
    {
        var task = TaskName.Argument();
        var data = new Option<bool>("--data", "-d")
        {
            Description = "Print what the task returned and nothing else: a text as it is, else JSON.",
        };
        var ack = new Option<bool>("--ack") { Description = "Acknowledge it once it has been printed." };
        return maker.Make(
            "result",
            "Shows what a final task left. Ends with 0 when it succeeded, 1 when not.",
            [task, data, ack],
            (talk, cancellationToken) =>
            {
                var wish =
                    (talk.Parsed.GetValue(data) ? Wish.DataOnly : Wish.All)
                    | (talk.Parsed.GetValue(ack) ? Wish.Ack : Wish.All);
                return FetchAsync(talk, TaskName.Parse(talk.Parsed.GetRequiredValue(task)), wish, cancellationToken);
            },
            "aptask result 17",
            "aptask result report --data --ack > report.txt"
        );
    }

    /// <summary>Fetches a result, shows it, and says by the exit code whether the task succeeded.</summary>
    public static async Task<int> FetchAsync(
        Conversation talk,
        TaskName task,
        Wish wish,
        CancellationToken cancellationToken
    )
    {
        var request = new ResultRequest { TaskId = task.TaskId, JobId = task.JobId };
        var answer = await talk.AskAsync(request, cancellationToken);
        if (!talk.Json)
        {
            if (wish.HasFlag(Wish.DataOnly))
                PrintData(talk.Surroundings, answer.Result.Data);
            else
                TaskPages.Print(talk.Console, answer.Result, talk.Surroundings.Time);
        }
        if (wish.HasFlag(Wish.Ack))
            await talk.AskAsync(new AckRequest { TaskId = task.TaskId, JobId = task.JobId }, cancellationToken);
        return answer.Result.State == TaskStates.Done ? ExitCodes.Ok : ExitCodes.TaskFailed;
    }

    private static void PrintData(Surroundings surroundings, JsonElement? data)
    {
        if (data is not { } given)
            return;
        var text = TaskPages.DataText(given);
        // A file gets the bytes as they are; only a terminal can be harmed by them.
        surroundings.Out.Write(surroundings.IsTerminal ? TerminalText.Lines(text) : text);
        if (!text.EndsWith('\n'))
            surroundings.Out.WriteLine();
    }
}
