using System.CommandLine;

namespace AptTask.Host;

/// <summary>The command line of <c>aptaskd</c>: its verbs, their options and examples.</summary>
internal static class DaemonCommandLine
{
    private static readonly Option<string?> Config = new("--config")
    {
        Description = "The configuration file; aptask.toml in the working folder if it is there, else the defaults.",
    };

    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "Sets one key of the configuration: --set server.tcp=127.0.0.1:0. Can be given again.",
    };

    private static readonly Option<bool> InsecurePermissions = new("--insecure-permissions")
    {
        Description = "For development: warns about files that others could change, instead of refusing them.",
    };

    /// <summary>Builds it.</summary>
    public static RootCommand Build()
    {
        var root = new RootCommand(
            """
            AptTask runs work for others, safely: what may run stands in whitelist.toml and the plugin folders.

            Examples:
              aptaskd run examples/report.ndjson     run the tasks of a file and show their results
              aptaskd serve                          serve clients until it is told to stop
              aptaskd check                          say everything that is wrong in the configuration
              aptaskd key new web                    make a key for a client
            """
        )
        {
            Serve(),
            Run(),
            Worker(),
            Check(),
            Key(),
            Doctor(),
        };
        AddCommon(root);
        root.SetAction((parse, stop) => ServeVerb.RunAsync(SetupOf(parse), stop));
        return root;
    }

    private static Command Serve()
    {
        var serve = new Command("serve", "Serves clients over the doors of the configuration (the default).");
        AddCommon(serve);
        serve.SetAction((parse, stop) => ServeVerb.RunAsync(SetupOf(parse), stop));
        return serve;
    }

    private static Command Run()
    {
        var file = new Argument<string>("file")
        {
            Description = "A file with one request a line; - for standard input.",
        };
        var store = new Option<string?>("--store") { Description = "Keeps tasks in this database; else in memory." };
        var listen = new Option<bool>("--listen") { Description = "Opens the doors of the configuration meanwhile." };
        var json = new Option<bool>("--json") { Description = "Answers and events as JSON lines, also on a terminal." };
        var run = new Command(
            "run",
            "Runs the requests of a file, waits until every task has ended, and says the results. Ends with 0 when all are done."
        )
        {
            file,
            store,
            listen,
            json,
        };
        AddCommon(run);
        run.SetAction(
            (parse, stop) =>
                RunVerb.RunAsync(
                    SetupOf(parse),
                    new RunOptions(
                        parse.GetValue(file)!,
                        parse.GetValue(store),
                        parse.GetValue(listen),
                        parse.GetValue(json)
                    ),
                    stop
                )
        );
        return run;
    }

    private static Command Check()
    {
        var check = new Command(
            "check",
            "Reads the configuration, the whitelist, the keys and the plugins, and says all that is wrong."
        );
        AddCommon(check);
        check.SetAction((parse, _) => CheckVerb.RunAsync(SetupOf(parse)));
        return check;
    }

    private static Command Worker()
    {
        var worker = new Command(
            "worker",
            "Runs routines of plugins for a daemon, which starts it and speaks to it over its input and output."
        );
        worker.SetAction(_ => WorkerVerb.Run());
        return worker;
    }

    private static Command Key()
    {
        var id = new Argument<string>("id") { Description = "Its public name: letters, digits and dashes." };
        var role = new Option<string>("--role")
        {
            Description = "user, admin or worker.",
            DefaultValueFactory = _ => "user",
        };
        var group = new Option<string?>("--group")
        {
            Description = "The group it speaks for; its own id if not given.",
        };
        var make = new Command("new", "Makes a key, adds it to keys.toml and shows it once.") { id, role, group };
        AddCommon(make);
        make.SetAction(parse =>
            KeyVerb.New(SetupOf(parse), parse.GetValue(id)!, parse.GetValue(role)!, parse.GetValue(group))
        );
        return new Command("key", "Keys of clients.") { make };
    }

    private static Command Doctor()
    {
        var doctor = new Command("doctor", "Says what is enforced on this machine and what is not.");
        AddCommon(doctor);
        doctor.SetAction((parse, _) => DoctorVerb.RunAsync(SetupOf(parse)));
        return doctor;
    }

    private static void AddCommon(Command command)
    {
        command.Options.Add(Config);
        command.Options.Add(Set);
        command.Options.Add(InsecurePermissions);
    }

    private static Setup SetupOf(ParseResult parse) =>
        new(
            parse.GetValue(Config) ?? (File.Exists(Setup.DefaultFile) ? Setup.DefaultFile : null),
            parse.GetValue(Set) ?? [],
            parse.GetValue(InsecurePermissions)
        );
}
