using System.CommandLine;
using AptTask.Cli.Views;
using AptTask.Protocol;

namespace AptTask.Cli.Commands;

/// <summary>The commands of administrators.</summary>
internal static class AdminCommands
{
    /// <summary>Makes <c>admin</c> with all that is below it.</summary>
    public static Command Create(CommandMaker maker)
    {
        var admin = new Command(
            "admin",
            "Watches and controls the daemon; needs a key of role admin, or the daemon's own user."
        )
        {
            Reload(maker),
            Stats(maker),
            Workers(maker),
            Lanes(maker),
            Groups(maker),
            Pause(maker),
            Resume(maker),
            Drain(maker),
            Forget(maker),
            Kill(maker),
            Shutdown(maker),
        };
        maker.Illustrate(admin, "aptask admin stats", "aptask admin pause --lane default", "aptask admin reload");
        return admin;
    }

    private static Command Reload(CommandMaker maker) =>
        maker.Make(
            "reload",
            "Takes in new, changed and removed plugins, whitelist entries, lanes and keys. Ends with 3 when something was refused.",
            [],
            async (talk, cancellationToken) =>
            {
                var answer = await talk.AskAsync(new ReloadRequest(), cancellationToken);
                if (!talk.Json)
                    AdminPages.Print(talk.Console, answer);
                return answer.Refused.Count == 0 ? ExitCodes.Ok : ExitCodes.Refused;
            },
            "aptask admin reload"
        );

    private static Command Stats(CommandMaker maker) =>
        Show(maker, "stats", "Counts and measures.", () => new StatsRequest(), AdminPages.Print);

    private static Command Workers(CommandMaker maker) =>
        Show(maker, "workers", "Lists the workers.", () => new WorkersRequest(), AdminPages.Print);

    private static Command Lanes(CommandMaker maker) =>
        Show(maker, "lanes", "Lists the lanes.", () => new LanesRequest(), AdminPages.Print);

    private static Command Groups(CommandMaker maker) =>
        Show(maker, "groups", "Lists the groups.", () => new GroupsRequest(), AdminPages.Print);

    private static Command Pause(CommandMaker maker)
    {
        var lane = new Option<string?>("--lane")
        {
            Description = "The lane; or a group with --group.",
            HelpName = "name",
        };
        return maker.Make(
            "pause",
            "Starts nothing more in a lane or of a group; what runs, runs on.",
            [lane],
            async (talk, cancellationToken) =>
            {
                var request = new PauseRequest { Lane = talk.Parsed.GetValue(lane) };
                NeedOne(request.Lane, talk.Group);
                return Say(talk, await talk.AskAsync(request, cancellationToken));
            },
            "aptask admin pause --lane default",
            "aptask admin pause --group web"
        );
    }

    private static Command Resume(CommandMaker maker)
    {
        var lane = new Option<string?>("--lane")
        {
            Description = "The lane; or a group with --group.",
            HelpName = "name",
        };
        return maker.Make(
            "resume",
            "Takes a pause back.",
            [lane],
            async (talk, cancellationToken) =>
            {
                var request = new ResumeRequest { Lane = talk.Parsed.GetValue(lane) };
                NeedOne(request.Lane, talk.Group);
                return Say(talk, await talk.AskAsync(request, cancellationToken));
            },
            "aptask admin resume --lane default"
        );
    }

    private static Command Drain(CommandMaker maker)
    {
        var off = new Option<bool>("--off") { Description = "Go on." };
        var worker = new Option<string?>("--worker") { Description = "Only this worker on another machine." };
        return maker.Make(
            "drain",
            "Starts nothing more anywhere; what runs, runs on, and submissions are taken.",
            [off, worker],
            async (talk, cancellationToken) =>
            {
                var answer = await talk.AskAsync(
                    new DrainRequest { On = !talk.Parsed.GetValue(off), Worker = talk.Parsed.GetValue(worker) },
                    cancellationToken
                );
                return Say(talk, answer.Draining ? $"Draining; {answer.Running} still run." : "Going on.");
            },
            "aptask admin drain",
            "aptask admin drain --worker gpu-1",
            "aptask admin drain --off"
        );
    }

    private static Command Forget(CommandMaker maker)
    {
        var age = new Option<string>("--older-than")
        {
            Description = "Final for so long or longer: 0, 12h, 30d.",
            HelpName = "time",
            Required = true,
        };
        return maker.Make(
            "forget",
            "Drops kept results by age, of one group with --group.",
            [age],
            async (talk, cancellationToken) =>
            {
                var request = new ForgetRequest
                {
                    OlderThanSeconds = TimeText.Seconds(talk.Parsed.GetRequiredValue(age), "--older-than")!.Value,
                };
                var answer = await talk.AskAsync(request, cancellationToken);
                return Say(talk, $"{answer.Forgotten} results forgotten.");
            },
            "aptask admin forget --older-than 30d --group web"
        );
    }

    private static Command Kill(CommandMaker maker) =>
        maker.Make(
            "kill",
            "Ends every worker, every running attempt and all their processes by force; with --group only those of that group.",
            [],
            async (talk, cancellationToken) =>
            {
                var answer = await talk.AskAsync(new KillRequest(), cancellationToken);
                return Say(talk, $"{answer.Tasks} attempts and {answer.Workers} workers ended.");
            },
            "aptask admin kill"
        );

    private static Command Shutdown(CommandMaker maker)
    {
        var grace = new Option<string?>("--grace")
        {
            Description = "How long running attempts may take to end by themselves.",
            HelpName = "time",
        };
        return maker.Make(
            "shutdown",
            "Ends the daemon.",
            [grace],
            async (talk, cancellationToken) =>
            {
                var request = new ShutdownRequest
                {
                    GraceSeconds = TimeText.Seconds(talk.Parsed.GetValue(grace), "--grace"),
                };
                var answer = await talk.AskAsync(request, cancellationToken);
                return Say(talk, $"The daemon is ending; {answer.Running} attempts run.");
            },
            "aptask admin shutdown --grace 30s"
        );
    }

    private static Command Show<TAnswer>(
        CommandMaker maker,
        string name,
        string description,
        Func<Request<TAnswer>> request,
        Action<Spectre.Console.IAnsiConsole, TAnswer> print
    )
        where TAnswer : Answer =>
        maker.Make(
            name,
            description,
            [],
            async (talk, cancellationToken) =>
            {
                var answer = await talk.AskAsync(request(), cancellationToken);
                if (!talk.Json)
                    print(talk.Console, answer);
                return ExitCodes.Ok;
            },
            $"aptask admin {name}",
            $"aptask admin {name} --json"
        );

    private static void NeedOne(string? lane, string? group)
    {
        if (lane is null == group is null)
            throw new UsageException("Say what is meant: --lane or --group, one of the two.");
    }

    private static int Say(Conversation talk, PauseAnswer answer) =>
        Say(
            talk,
            $"{(answer.Lane is null ? $"Group {answer.Group}" : $"Lane {answer.Lane}")} {(answer.Paused ? "is paused" : "goes on")}."
        );

    private static int Say(Conversation talk, string sentence)
    {
        if (!talk.Json)
            talk.Surroundings.Say(TerminalText.Line(sentence));
        return ExitCodes.Ok;
    }
}
