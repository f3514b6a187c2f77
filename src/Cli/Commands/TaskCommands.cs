using System.CommandLine;
using AptTask.Cli.Views;
using AptTask.Protocol;

namespace AptTask.Cli.Commands;

/// <summary>The commands of users.</summary>
internal static class TaskCommands
{
    /// <summary>All of them, in the order of help.</summary>
    public static IEnumerable<Command> All(CommandMaker maker) =>
        [
            StartCommand.Create(maker),
            SubmitCommand.Create(maker),
            Stop(maker),
            Active(maker),
            Tasks(maker),
            Status(maker),
            Explain(maker),
            WaitCommand.Create(maker),
            FollowCommands.Watch(maker),
            FollowCommands.Log(maker),
            ResultCommand.Create(maker),
            Ack(maker),
            Index(maker),
            Hello(maker),
        ];

    private static Command Stop(CommandMaker maker)
    {
        var tasks = TaskName.Arguments();
        var force = new Option<bool>("--force", "-f") { Description = "At once, without the grace." };
        return maker.Make(
            "stop",
            "Stops tasks, whether they wait or run. Twice, or too late, is no error.",
            [tasks, force],
            async (talk, cancellationToken) =>
            {
                foreach (var (task, job) in talk.Parsed.GetRequiredValue(tasks).Select(TaskName.Parse).ToList())
                {
                    var request = new StopRequest
                    {
                        TaskId = task,
                        JobId = job,
                        Force = talk.Parsed.GetValue(force),
                    };
                    var answer = await talk.AskAsync(request, cancellationToken);
                    if (!talk.Json)
                        talk.Surroundings.Say(
                            $"task {answer.TaskId}: {TerminalText.Line(answer.State)}{(answer.Stopping ? ", stopping" : "")}"
                        );
                }
                return ExitCodes.Ok;
            },
            "aptask stop 17",
            "aptask stop nightly-backup --force"
        );
    }

    private static Command Active(CommandMaker maker) =>
        maker.Make(
            "active",
            "Lists the tasks that wait or run, in the order in which they would start.",
            [],
            async (talk, cancellationToken) =>
            {
                var answer = await talk.AskAsync(new ActiveRequest(), cancellationToken);
                if (!talk.Json)
                    TaskPages.Print(talk.Console, answer);
                return ExitCodes.Ok;
            },
            "aptask active",
            "aptask active --json | jq '.active[].taskid'"
        );

    private static Command Tasks(CommandMaker maker)
    {
        var state = new Option<string[]>("--state", "-s")
        {
            Description = "In this state; several times for any of several.",
            HelpName = "state",
        };
        state.AcceptOnlyFromAmong([.. TaskStates.All]);
        var routine = new Option<string?>("--routine", "-r") { Description = "Of this routine.", HelpName = "name" };
        var prefix = new Option<string?>("--prefix") { Description = "Whose job id begins so.", HelpName = "text" };
        var after = new Option<string?>("--after") { Description = "Accepted then or later.", HelpName = "instant" };
        var before = new Option<string?>("--before") { Description = "Accepted earlier.", HelpName = "instant" };
        var limit = new Option<int>("--limit", "-n")
        {
            Description = "How many at most.",
            HelpName = "number",
            DefaultValueFactory = _ => 50,
        };
        return maker.Make(
            "tasks",
            "Lists tasks, also those that are final and still kept; the newest first.",
            [state, routine, prefix, after, before, limit],
            async (talk, cancellationToken) =>
            {
                var left = talk.Parsed.GetValue(limit);
                if (left < 1)
                    throw new UsageException("--limit must be 1 or more.");
                var request = new TasksRequest
                {
                    States = talk.Parsed.GetValue(state) ?? [],
                    Routine = talk.Parsed.GetValue(routine),
                    JobIdPrefix = talk.Parsed.GetValue(prefix),
                    CreatedAfter = TimeText.Instant(talk.Parsed.GetValue(after), "--after", talk.Surroundings.Time),
                    CreatedBefore = TimeText.Instant(talk.Parsed.GetValue(before), "--before", talk.Surroundings.Time),
                };
                var rows = new List<TaskView>();
                do
                {
                    request = request with { Limit = Math.Min(left, TasksRequest.PageLimit) };
                    var page = await talk.AskAsync(request, cancellationToken);
                    rows.AddRange(page.Tasks);
                    left -= page.Tasks.Count;
                    request = request with { Cursor = page.Cursor };
                } while (request.Cursor is not null && left > 0);
                if (!talk.Json)
                    TaskPages.Print(talk.Console, rows, talk.Surroundings.Time);
                return ExitCodes.Ok;
            },
            "aptask tasks --state failed --after 2026-03-01T00:00:00Z",
            "aptask tasks --prefix nightly- -n 200"
        );
    }

    private static Command Status(CommandMaker maker)
    {
        var task = TaskName.Argument();
        return maker.Make(
            "status",
            "Shows one task whole.",
            [task],
            async (talk, cancellationToken) =>
            {
                var (number, job) = TaskName.Parse(talk.Parsed.GetRequiredValue(task));
                var answer = await talk.AskAsync(new StatusRequest { TaskId = number, JobId = job }, cancellationToken);
                if (!talk.Json)
                    TaskPages.Print(talk.Console, answer.Task, talk.Surroundings.Time);
                return ExitCodes.Ok;
            },
            "aptask status 17",
            "aptask status nightly-backup"
        );
    }

    private static Command Explain(CommandMaker maker)
    {
        var task = TaskName.Argument();
        return maker.Make(
            "explain",
            "Says why a task is not running.",
            [task],
            async (talk, cancellationToken) =>
            {
                var (number, job) = TaskName.Parse(talk.Parsed.GetRequiredValue(task));
                var answer = await talk.AskAsync(
                    new ExplainRequest { TaskId = number, JobId = job },
                    cancellationToken
                );
                if (!talk.Json)
                    TaskPages.Print(talk.Console, answer);
                return ExitCodes.Ok;
            },
            "aptask explain 17"
        );
    }

    private static Command Ack(CommandMaker maker)
    {
        var tasks = TaskName.Arguments();
        return maker.Make(
            "ack",
            "Acknowledges results: they have been fetched and may be removed.",
            [tasks],
            async (talk, cancellationToken) =>
            {
                var names = talk.Parsed.GetRequiredValue(tasks).Select(TaskName.Parse).ToList();
                var numbers = names.Where(name => name.TaskId is not null).Select(name => name.TaskId!.Value).ToList();
                var requests = names
                    .Where(name => name.JobId is not null)
                    .Select(name => new AckRequest { JobId = name.JobId })
                    .ToList();
                if (numbers.Count > 0)
                    requests.Add(
                        numbers.Count == 1
                            ? new AckRequest { TaskId = numbers[0] }
                            : new AckRequest { TaskIds = numbers }
                    );
                foreach (var request in requests)
                {
                    var answer = await talk.AskAsync(request, cancellationToken);
                    if (!talk.Json)
                        talk.Surroundings.Say("acknowledged: " + string.Join(", ", answer.TaskIds));
                }
                return ExitCodes.Ok;
            },
            "aptask ack 17 18 19"
        );
    }

    private static Command Index(CommandMaker maker)
    {
        var name = new Argument<string?>("routine")
        {
            Description = "One routine, with its arguments.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return maker.Make(
            "index",
            "Lists what may be started, or shows one routine with its arguments.",
            [name],
            async (talk, cancellationToken) =>
            {
                var answer = await talk.AskAsync(new IndexRequest(), cancellationToken);
                if (talk.Json)
                    return ExitCodes.Ok;
                if (talk.Parsed.GetValue(name) is not { } wanted)
                {
                    TaskPages.Print(talk.Console, answer.Routines);
                    return ExitCodes.Ok;
                }
                var routine = answer.Routines.FirstOrDefault(one => one.Name == wanted);
                if (routine is null)
                {
                    var nearest = Nearest.To(wanted, answer.Routines.Select(one => one.Name));
                    throw new UsageException(
                        $"There is no routine \"{wanted}\"."
                            + (nearest is null ? " aptask index lists them." : $" Did you mean {nearest}?")
                    );
                }
                TaskPages.Print(talk.Console, routine);
                return ExitCodes.Ok;
            },
            "aptask index",
            "aptask index demo.sleep"
        );
    }

    private static Command Hello(CommandMaker maker) =>
        maker.Make(
            "hello",
            "Asks the daemon who it is and what this key may do.",
            [],
            async (talk, cancellationToken) =>
            {
                var answer = await talk.AskAsync(new HelloRequest(), cancellationToken);
                if (!talk.Json)
                    Columns.PrintFacts(
                        talk.Console,
                        ("server", $"{answer.Server} {answer.Version}"),
                        ("role", answer.Role),
                        ("groups", answer.Groups is null ? null : string.Join(", ", answer.Groups))
                    );
                return ExitCodes.Ok;
            },
            "aptask hello --connect example.org:2142"
        );
}
