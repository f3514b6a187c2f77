using System.CommandLine;
using AptTask.Cli.Views;
using AptTask.Protocol;

namespace AptTask.Cli.Commands;

/// <summary>Starts one task, and waits for its result if asked.</summary>
internal sealed class StartCommand
{
    private readonly Argument<string> _name = new("routine") { Description = "What to run; aptask index lists it." };

    private readonly Argument<string[]> _arguments = new("arguments")
    {
        Description = "key=value, or key:=JSON. A key again makes a list.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _json = new("--args")
    {
        Description = "All arguments as JSON: an object by name or a list by position.",
        HelpName = "JSON",
    };
    private readonly Option<string?> _job = new("--jobid", "-j")
    {
        Description = "Your own name for the task; sending it again is safe.",
        HelpName = "name",
    };
    private readonly Option<string[]> _after = new("--after", "-a")
    {
        Description = "Jobs to wait for, with commas; JOB:failed or JOB:finished for another end than done.",
        HelpName = "jobs",
    };
    private readonly Option<int?> _priority = new("--priority", "-p")
    {
        Description = "-100 to 100; higher starts earlier.",
        HelpName = "number",
    };
    private readonly Option<string?> _lane = new("--lane")
    {
        Description = "One of the lanes that the routine lists.",
        HelpName = "name",
    };
    private readonly Option<int?> _weight = new("--weight")
    {
        Description = "How many places of the lane it needs.",
        HelpName = "number",
    };
    private readonly Option<int?> _attempts = new("--attempts")
    {
        Description = "How often it is tried, the first time included.",
        HelpName = "number",
    };
    private readonly Option<string?> _backoff = new("--backoff")
    {
        Description = "fixed or exponential.",
        HelpName = "kind",
    };
    private readonly Option<string?> _delay = new("--retry-delay")
    {
        Description = "The delay before the second attempt.",
        HelpName = "time",
    };
    private readonly Option<string?> _timeout = new("--timeout")
    {
        Description = "How long one attempt may take: 90, 5m, 2h.",
        HelpName = "time",
    };
    private readonly Option<string?> _notBefore = new("--not-before")
    {
        Description = "It does not start earlier: 2026-03-01T07:30:00Z, or +5m.",
        HelpName = "instant",
    };
    private readonly Option<string?> _deadline = new("--deadline")
    {
        Description = "It is skipped or stopped when this passes.",
        HelpName = "instant",
    };
    private readonly Option<string?> _unique = new("--unique")
    {
        Description = "While a live task has this key, it answers for this one.",
        HelpName = "key",
    };
    private readonly Option<string?> _keep = new("--keep")
    {
        Description = "ack, linger or none: how long the result is kept.",
        HelpName = "how",
    };
    private readonly Option<bool> _whenFull = new("--wait-if-full")
    {
        Description = "Wait when the queue is full, instead of being refused.",
    };
    private readonly Option<bool> _strict = new("--strict")
    {
        Description = "Refuse jobs in --after that nobody has submitted.",
    };
    private readonly Option<bool> _wait = new("--wait", "-w") { Description = "Wait for the end and show the result." };

    private StartCommand()
    {
        _backoff.AcceptOnlyFromAmong("fixed", "exponential");
        _keep.AcceptOnlyFromAmong("ack", "linger", "none");
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandMaker maker)
    {
        var start = new StartCommand();
        return maker.Make(
            "start",
            "Starts a task. Its number is printed as soon as the daemon has written it down.",
            [
                start._name,
                start._arguments,
                start._json,
                start._job,
                start._after,
                start._priority,
                start._lane,
                start._weight,
                start._attempts,
                start._backoff,
                start._delay,
                start._timeout,
                start._notBefore,
                start._deadline,
                start._unique,
                start._keep,
                start._whenFull,
                start._strict,
                start._wait,
            ],
            start.RunAsync,
            "aptask start demo.sleep seconds=5 --wait",
            "aptask start demo.echo value:='{\"a\": [1, 2]}' --jobid first",
            "aptask start demo.noop --after first,second:failed --priority 10",
            "aptask start demo.noop --not-before +10m --attempts 3 --backoff exponential --retry-delay 5s"
        );
    }

    private async Task<int> RunAsync(Conversation talk, CancellationToken cancellationToken)
    {
        var request = new StartRequest
        {
            Task = await OrderAsync(talk, cancellationToken),
            OnFull = talk.Parsed.GetValue(_whenFull) ? OnFull.Wait : OnFull.Refuse,
            Strict = talk.Parsed.GetValue(_strict),
        };
        var answer = await talk.AskAsync(request, cancellationToken);
        if (talk.Parsed.GetValue(_wait))
            return await WaitAsync(talk, request.Task.Routine, answer.TaskId, cancellationToken);
        if (!talk.Json)
            talk.Surroundings.Say(
                $"task {answer.TaskId}: {TerminalText.Line(answer.State)}{(answer.Deduplicated ? " (it was there before)" : "")}"
            );
        return ExitCodes.Ok;
    }

    private async Task<TaskOrder> OrderAsync(Conversation talk, CancellationToken cancellationToken)
    {
        var parsed = talk.Parsed;
        var name = parsed.GetRequiredValue(_name);
        var words = parsed.GetValue(_arguments) ?? [];
        RoutineView? routine = null;
        if (parsed.GetValue(_json) is null && GivenArguments.NeedTypes(words))
        {
            var index = await talk.AskAsync(new IndexRequest(), cancellationToken, quiet: true);
            routine = index.Routines.FirstOrDefault(one => one.Name == name);
        }
        return new TaskOrder
        {
            Routine = name,
            Arguments = GivenArguments.Make(words, parsed.GetValue(_json), routine),
            JobId = parsed.GetValue(_job),
            WaitFor =
            [
                .. (parsed.GetValue(_after) ?? [])
                    .SelectMany(jobs => jobs.Split(',', StringSplitOptions.RemoveEmptyEntries))
                    .Select(Dependency),
            ],
            Priority = parsed.GetValue(_priority),
            Lane = parsed.GetValue(_lane),
            Weight = parsed.GetValue(_weight),
            Retry = RetryOf(talk),
            TimeoutSeconds = TimeText.Seconds(parsed.GetValue(_timeout), "--timeout"),
            NotBefore = TimeText.Instant(parsed.GetValue(_notBefore), "--not-before", talk.Surroundings.Time),
            Deadline = TimeText.Instant(parsed.GetValue(_deadline), "--deadline", talk.Surroundings.Time),
            Unique = parsed.GetValue(_unique),
            Keep = parsed.GetValue(_keep) switch
            {
                "ack" => Keep.Ack,
                "linger" => Keep.Linger,
                "none" => Keep.None,
                _ => null,
            },
        };
    }

    private RetryOrder? RetryOf(Conversation talk)
    {
        var backoff = talk.Parsed.GetValue(_backoff);
        var delay = TimeText.Seconds(talk.Parsed.GetValue(_delay), "--retry-delay");
        if (talk.Parsed.GetValue(_attempts) is not { } attempts)
            return backoff is null && delay is null
                ? null
                : throw new UsageException("--backoff and --retry-delay need --attempts: how often shall it be tried?");
        return new RetryOrder(attempts)
        {
            Backoff =
                backoff is null ? null
                : backoff == "fixed" ? RetryBackoff.Fixed
                : RetryBackoff.Exponential,
            DelaySeconds = delay,
        };
    }

    private static WaitForEntry Dependency(string text)
    {
        (string Ending, WaitForEnd When)[] ends =
        [
            (":done", WaitForEnd.Done),
            (":failed", WaitForEnd.Failed),
            (":finished", WaitForEnd.Finished),
        ];
        foreach (var (ending, when) in ends)
        {
            if (text.Length > ending.Length && text.EndsWith(ending, StringComparison.Ordinal))
                return new WaitForEntry(text[..^ending.Length], when);
        }
        return new WaitForEntry(text);
    }

    private static async Task<int> WaitAsync(
        Conversation talk,
        string routine,
        long task,
        CancellationToken cancellationToken
    )
    {
        var waiting = talk.AskAsync(new WaitRequest { TaskIds = [task] }, cancellationToken);
        if (talk is { Json: false, Surroundings.IsTerminal: true })
        {
            using var watched = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var reports = talk.FollowAsync(new WatchRequest { TaskId = task }, watched.Token);
            await ProgressBar.FollowAsync(talk.Console, $"{routine} (task {task})", reports, waiting);
            await watched.CancelAsync();
        }
        var answer = await waiting;
        if (answer.Tasks[0].State == TaskStates.Skipped && talk.Json)
            return ExitCodes.TaskFailed;
        return await ResultCommand.FetchAsync(
            talk,
            new TaskName(task, null),
            ResultCommand.Wish.All,
            cancellationToken
        );
    }
}
