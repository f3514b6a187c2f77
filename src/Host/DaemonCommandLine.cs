using System.Collections.Immutable;
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
        var connect = new Option<string?>("--connect")
        {
            Description =
                "HOST:PORT of a daemon elsewhere; without it the daemon that started this speaks over the input.",
        };
        var key = new Option<string?>("--key")
        {
            Description =
                "The key of this worker. Others can see the command line; APTASK_KEY or --key-file is better.",
        };
        var keyFile = new Option<string?>("--key-file") { Description = "A file with the key in it." };
        var name = new Option<string>("--name")
        {
            Description = "The name of this worker; the machine's if not given.",
            DefaultValueFactory = _ => Environment.MachineName,
        };
        var lanes = new Option<string[]>("--lane")
        {
            Description = "Places that it offers: gpu=2. Can be given again.",
        };
        var certificate = new Option<string?>("--certificate")
        {
            Description =
                "A PEM file with the certificate that the daemon has to show, instead of one the system trusts.",
        };
        var plain = new Option<bool>("--plain") { Description = "No TLS: for a daemon on this machine, or a tunnel." };
        var worker = new Command(
            "worker",
            """
            Runs routines for a daemon: one that started it, or one on another machine.

            Example:
              aptaskd worker --connect daemon.example:2144 --key-file worker.key --lane gpu=2
            """
        )
        {
            connect,
            key,
            keyFile,
            name,
            lanes,
            certificate,
            plain,
        };
        AddCommon(worker);
        worker.SetAction(
            async (parse, stop) =>
            {
                if (parse.GetValue(connect) is not { } target)
                    return WorkerVerb.Run();
                if (Offer(target, parse.GetValue(lanes) ?? []) is not var (host, port, places) || places.IsEmpty)
                {
                    await Console.Error.WriteLineAsync(
                        "error: say --connect HOST:PORT, and at least one --lane NAME=PLACES with 1 place or more."
                    );
                    return ExitCodes.Usage;
                }
                string? secret;
                try
                {
                    secret =
                        parse.GetValue(key)
                        ?? (
                            parse.GetValue(keyFile) is { } file
                                ? (await File.ReadAllTextAsync(file, stop)).Trim()
                                : null
                        )
                        ?? Environment.GetEnvironmentVariable("APTASK_KEY");
                }
                catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
                {
                    await Console.Error.WriteLineAsync(
                        $"error: the file of --key-file cannot be read: {wrong.Message}"
                    );
                    return ExitCodes.Usage;
                }
                return await RemoteVerb.RunAsync(
                    SetupOf(parse),
                    new RemoteVerb.Offered(
                        host,
                        port,
                        secret,
                        parse.GetValue(name)!,
                        places,
                        parse.GetValue(certificate),
                        parse.GetValue(plain)
                    ),
                    stop
                );
            }
        );
        return worker;
    }

    private static (string Host, int Port, ImmutableDictionary<string, int> Lanes)? Offer(string target, string[] lanes)
    {
        var colon = target.LastIndexOf(':');
        if (colon < 1 || !int.TryParse(target[(colon + 1)..], out var port) || port is < 1 or > 65_535)
            return null;
        var places = ImmutableDictionary.CreateBuilder<string, int>();
        foreach (var lane in lanes)
        {
            if (
                lane.Split('=') is not [{ Length: > 0 } name, var number]
                || !int.TryParse(number, out var width)
                || width is < 1 or > 1024
            )
                return null;
            places[name] = width;
        }
        return (target[..colon].Trim('[', ']'), port, places.ToImmutable());
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
