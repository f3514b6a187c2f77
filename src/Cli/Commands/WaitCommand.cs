using System.CommandLine;
using System.Globalization;
using AptTask.Cli.Views;
using AptTask.Protocol;

namespace AptTask.Cli.Commands;

/// <summary>Waits until tasks are final.</summary>
internal static class WaitCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandMaker maker)
    {
        var tasks = TaskName.Arguments();
        var any = new Option<bool>("--any") { Description = "One of them is enough." };
        var timeout = new Option<string?>("--timeout", "-t")
        {
            Description = "How long at most: 90, 5m, 2h.",
            HelpName = "time",
        };
        return maker.Make(
            "wait",
            "Waits until tasks are final. Ends with 0 when all of them succeeded, 1 when not, 5 when the time was over.",
            [tasks, any, timeout],
            async (talk, cancellationToken) =>
            {
                var names = talk.Parsed.GetRequiredValue(tasks).Select(TaskName.Parse).ToList();
                var request = new WaitRequest
                {
                    TaskIds = [.. names.Where(name => name.TaskId is not null).Select(name => name.TaskId!.Value)],
                    JobIds = [.. names.Where(name => name.JobId is not null).Select(name => name.JobId!)],
                    Any = talk.Parsed.GetValue(any),
                    TimeoutSeconds = TimeText.Seconds(talk.Parsed.GetValue(timeout), "--timeout"),
                };
                return await WaitAsync(talk, request, cancellationToken);
            },
            "aptask wait 17 18 nightly-backup --timeout 1h",
            "aptask wait 17 && echo it succeeded"
        );
    }

    /// <summary>Waits, shows how each of them stands, and says by the exit code whether all succeeded.</summary>
    public static async Task<int> WaitAsync(Conversation talk, WaitRequest request, CancellationToken cancellationToken)
    {
        var answer = await talk.AskAsync(request, cancellationToken);
        if (!talk.Json)
            Print(talk, answer);
        if (answer.TimedOut)
            return ExitCodes.TimedOut;
        return answer.Tasks.Any(task => TaskStates.IsFinal(task.State) && task.State != TaskStates.Done)
            ? ExitCodes.TaskFailed
            : ExitCodes.Ok;
    }

    private static void Print(Conversation talk, WaitAnswer answer)
    {
        var columns = new Columns(">task", "job", "state", "reason");
        foreach (var task in answer.Tasks)
        {
            columns.Add(
                task.TaskId.ToString(CultureInfo.InvariantCulture),
                task.JobId,
                task.State,
                TaskPages.ReasonOf(task.Reason, task.ExitCode)
            );
        }
        columns.Print(talk.Console, "No tasks.");
        if (answer.TimedOut)
            talk.Surroundings.Error.WriteLine("aptask: the time is over.");
    }
}
