using System.CommandLine;
using System.Globalization;
using AptTask.Cli.Views;
using AptTask.Protocol;

namespace AptTask.Cli.Commands;

/// <summary>Submits a file of tasks.</summary>
internal static class SubmitCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandMaker maker)
    {
        var file = new Argument<string>("file")
        {
            Description = "Tasks, one JSON object a line or one JSON list; - for standard input.",
        };
        var strict = new Option<bool>("--strict")
        {
            Description = "Refuse jobs in waitfor that are neither known nor in the file.",
        };
        var full = new Option<bool>("--wait-if-full")
        {
            Description = "Wait when the queue is full, instead of being refused.",
        };
        var wait = new Option<bool>("--wait", "-w") { Description = "Wait until all are final." };
        return maker.Make(
            "submit",
            "Submits many tasks that may wait for one another: all of them, or none.",
            [file, strict, full, wait],
            async (talk, cancellationToken) =>
            {
                var name = talk.Parsed.GetRequiredValue(file);
                var request = SubmissionFile.Read(
                    await ReadAsync(name, talk.Surroundings, cancellationToken),
                    name
                ) with
                {
                    Strict = talk.Parsed.GetValue(strict),
                    OnFull = talk.Parsed.GetValue(full) ? OnFull.Wait : OnFull.Refuse,
                };
                var answer = await talk.AskAsync(request, cancellationToken);
                if (talk.Parsed.GetValue(wait))
                    return await WaitCommand.WaitAsync(
                        talk,
                        new WaitRequest { TaskIds = answer.TaskIds },
                        cancellationToken
                    );
                if (!talk.Json)
                    Print(talk, request, answer);
                return ExitCodes.Ok;
            },
            "aptask submit graph.ndjson --wait",
            "make-tasks | aptask submit -"
        );
    }

    private static void Print(Conversation talk, SubmitRequest request, SubmitAnswer answer)
    {
        var columns = new Columns(">task", "job", "routine", "");
        foreach (var (task, id) in request.Tasks.Zip(answer.TaskIds))
        {
            columns.Add(
                id.ToString(CultureInfo.InvariantCulture),
                task.JobId,
                task.Routine,
                answer.Deduplicated?.Contains(id) == true ? "was there before" : ""
            );
        }
        columns.Print(talk.Console, "No tasks.");
    }

    private static async Task<string> ReadAsync(
        string name,
        Surroundings surroundings,
        CancellationToken cancellationToken
    )
    {
        if (name == "-")
            return await surroundings.In.ReadToEndAsync(cancellationToken);
        try
        {
            return await File.ReadAllTextAsync(Path.Combine(surroundings.Folder, name), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{name} cannot be read: {exception.Message}");
        }
    }
}
