using System.Net;
using System.Net.Sockets;
using AptTask.Host.Configuration;
using AptTask.Host.Endpoints;
using AptTask.Host.Logging;
using AptTask.Host.Schedules;
using AptTask.Host.Store;
using Microsoft.AspNetCore.Connections;
using Serilog;

namespace AptTask.Host;

/// <summary><c>aptaskd serve</c>: opens the doors and serves until it is told to stop.</summary>
internal static class ServeVerb
{
    /// <summary>Serves.</summary>
    public static async Task<int> RunAsync(Setup setup, CancellationToken stop)
    {
        var outcome = setup.Read(FileProtection.Strict);
        if (!Setup.Explain(outcome, Console.Error))
            return ExitCodes.BadConfiguration;
        var options = outcome.Options!;
        if (Objection(options, outcome) is { } objection)
        {
            await Console.Error.WriteLineAsync($"error: {objection}");
            return ExitCodes.CannotStart;
        }

        await using var log = DaemonLog.Create(options.Log);
        try
        {
            await using var app = await BuildAsync(setup, outcome, log);
            if (Unfenced.Forbid(options.Sandbox, app.Daemon.Catalogue, Console.Error))
                return ExitCodes.CannotStart;
            if (Environment.IsPrivilegedProcess)
                WarnOfRoot(options.Sandbox, log);
            await app.Web.StartAsync(stop);
            await app.Daemon.Engine.Ready.WaitAsync(stop);
            Announce(app.Web, options);
            await app.Web.WaitForShutdownAsync(stop);
            return app.Daemon.Engine.ExecuteTask is { IsFaulted: true } ? ExitCodes.Broken : ExitCodes.Ok;
        }
        catch (Exception e)
            when (e
                    is StoreInUseException
                        or InvalidDataException
                        or AddressInUseException
                        or IOException
                        or SocketException
            )
        {
            log.Fatal(e, "The daemon cannot start.");
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            return ExitCodes.CannotStart;
        }
    }

    /// <summary>A daemon with its doors, ready to start.</summary>
    public static async Task<ServedDaemon> BuildAsync(Setup setup, ConfigurationOutcome outcome, Serilog.ILogger log)
    {
        var options = outcome.Options!;
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ContentRootPath = options.Folder, EnvironmentName = Environments.Production }
        );
        builder.Logging.ClearProviders();
        builder.Services.AddSerilog(log);
        builder.Services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = (options.Server.ShutdownGrace * 2) + TimeSpan.FromSeconds(10)
        );
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Doors.Open(kestrel, options.Server);
            if (options.Server.Workers is { } workers)
                Doors.Open<WorkersDoor>(kestrel, workers, options.Server);
        });

        var audit = options.Audit.File is null ? null : new AuditLog(options.Audit, TimeProvider.System);
        var logs = new Serilog.Extensions.Logging.SerilogLoggerFactory(log);
        Action? shutdown = null;
        var daemon = await Daemon.BuildAsync(
            outcome,
            () => setup.Read(FileProtection.Strict),
            options.Store.Durability switch
            {
                Durability.Full => StoreDurability.Full,
                Durability.Normal => StoreDurability.Normal,
                _ => StoreDurability.Memory,
            },
            audit is null ? new NoAudit() : new AuditTrail(audit),
            logs,
            () => shutdown!()
        );
        builder.Services.AddSingleton(daemon.Lines);
        builder.Services.AddSingleton(daemon.Connections);
        builder.Services.AddSingleton(daemon.Strangers);
        builder.Services.AddSingleton(daemon.Remote);
        builder.Services.AddHostedService(_ => daemon.Engine);
        // After the engine, so that it stops before it: nothing is submitted to an engine that has ended.
        builder.Services.AddHostedService(_ => new ScheduleService(
            options.Schedules,
            new ScheduledSubmission(daemon.Engine, daemon.Orders).SubmitAsync,
            new ScheduleMemory(daemon.Engine),
            TimeProvider.System,
            logs.CreateLogger<ScheduleService>()
        ));
        var web = builder.Build();
        shutdown = web.Lifetime.StopApplication;
        return new ServedDaemon(web, daemon, audit);
    }

    private static string? Objection(DaemonOptions options, ConfigurationOutcome outcome)
    {
        var server = options.Server;
        if (server.Workers is not null && outcome.Keys.IsEmpty)
            return "server.workers is a door for workers on other machines, and each of them needs a key. Make one with aptaskd key new NAME --role worker.";
        var isSafe = server.TlsCertificate is not null && !outcome.Keys.IsEmpty;
        if (isSafe || server.InsecurePlaintext)
            return null;
        return Open("server.tcp", server.Tcp) ?? Open("server.workers", server.Workers);

        static string? Open(string name, IPEndPoint? door) =>
            door is null || IPAddress.IsLoopback(door.Address)
                ? null
                : $"{name} = {door} is open to other machines, which needs TLS (server.tls_certificate, server.tls_key) and keys (aptaskd key new). Listen on 127.0.0.1, or add them.";
    }

    private static void WarnOfRoot(SandboxOptions sandbox, Serilog.ILogger log) =>
        log.Warning(
            "The daemon runs as root. Commands run as {User} unless their entry names another user, but plugins with isolation = \"context\" run as root. Give the daemon a user of its own if nothing has to run as different users.",
            sandbox.User
        );

    private static void Announce(WebApplication web, DaemonOptions options)
    {
        // For people and for scripts that asked for a free port: one line for each door, on standard output.
        var doors = new Queue<string>();
        if (options.Server.Tcp is not null)
            doors.Enqueue("tcp");
        if (options.Server.Workers is not null)
            doors.Enqueue("workers");
        foreach (var url in web.Urls)
        {
            // In the order in which they were opened.
            if (Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Host != "unix")
                Console.WriteLine($"listening {doors.Dequeue()} {address.Host}:{address.Port}");
        }

        if (options.Server.Unix is { } unix)
        {
            Doors.Protect(unix);
            Console.WriteLine($"listening unix {unix}");
        }

        Console.WriteLine($"ready {Environment.ProcessId}");
    }
}
