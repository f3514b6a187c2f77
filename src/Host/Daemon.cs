using System.Reflection;
using System.Security.Cryptography;
using AptTask.Host.Configuration;
using AptTask.Host.Endpoints;
using AptTask.Host.Engine;
using AptTask.Host.Execution;
using AptTask.Host.Execution.Sandbox;
using AptTask.Host.Execution.Workers;
using AptTask.Host.Execution.Workers.Remote;
using AptTask.Host.Output;
using AptTask.Host.Requests;
using AptTask.Host.Store;

namespace AptTask.Host;

/// <summary>Puts the rooms together: the only place, beside the verbs, that knows them all. Decides nothing itself.</summary>
internal sealed class Daemon : IDisposable
{
    private readonly SqliteTaskStore _store;
    private readonly WorkerPools _workers;

    private Daemon(
        SqliteTaskStore store,
        TaskEngine engine,
        RoutineCatalogue catalogue,
        RequestRouter router,
        Views views,
        LineConnection lines,
        ConnectionCount connections,
        Strangers strangers,
        Reloader reloader,
        TaskOrders orders,
        WorkerPools workers,
        RemoteWorkers remote
    )
    {
        _workers = workers;
        Remote = remote;
        Orders = orders;
        _store = store;
        Engine = engine;
        Catalogue = catalogue;
        Router = router;
        Views = views;
        Lines = lines;
        Connections = connections;
        Strangers = strangers;
        Reloader = reloader;
    }

    /// <summary>The version of the product.</summary>
    public static string Version { get; } =
        typeof(Daemon)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    /// <summary>Owns the tasks; to be started and stopped by the host.</summary>
    public TaskEngine Engine { get; }

    /// <summary>What can be run.</summary>
    public IRoutineCatalogue Catalogue { get; }

    /// <summary>Takes requests.</summary>
    public RequestRouter Router { get; }

    /// <summary>What clients see.</summary>
    public Views Views { get; }

    /// <summary>Turns orders into tasks.</summary>
    public TaskOrders Orders { get; }

    /// <summary>Serves connections.</summary>
    public LineConnection Lines { get; }

    /// <summary>Counts them.</summary>
    public ConnectionCount Connections { get; }

    /// <summary>Bounds those that have not said who they are.</summary>
    public Strangers Strangers { get; }

    /// <summary>Takes in changes.</summary>
    public Reloader Reloader { get; }

    /// <summary>Builds a daemon; nothing runs yet.</summary>
    /// <param name="setup">What was configured.</param>
    /// <param name="reread">Reads the configuration anew, for a reload.</param>
    /// <param name="durability">What a commit outlives.</param>
    /// <param name="audit">Where it is written down who asked for what.</param>
    /// <param name="logs">The daemon's own log.</param>
    /// <param name="shutdown">Asks the daemon to end.</param>
    public static async Task<Daemon> BuildAsync(
        ConfigurationOutcome setup,
        Func<ConfigurationOutcome> reread,
        StoreDurability durability,
        IAudit audit,
        ILoggerFactory logs,
        Action shutdown
    )
    {
        var options = setup.Options!;
        var time = TimeProvider.System;
        var store = SqliteTaskStore.Open(options.Store.Path, durability);
        try
        {
            var catalogue = new RoutineCatalogue();
            var access = new Access();
            var live = new LiveWorkLogs(options.Results.MaxWorklog, time);
            var runner = new AttemptRunner(
                catalogue,
                access,
                live,
                new ExecutionLimits
                {
                    ResultBytes = options.Results.MaxResult,
                    PostedBytes = options.Results.MaxPosted,
                },
                Path.Combine(Path.GetTempPath(), Spawner.OfThisProcess.Folder),
                logs.CreateLogger<AttemptRunner>()
            );
            var workers = new WorkerPools(time);
            var remote = RemoteOf(options, access, logs, time);
            var sources = new RoutineSources(catalogue, workers, remote, time, logs);
            await sources.LoadAsync(setup);
            if (options.Server.Workers is not null)
                remote.Awaited = [.. store.ReadPendingRoutines().Where(routine => catalogue.Find(routine) is null)];
            access.Replace(KeysOf(setup, time));
            var engine = new TaskEngine(
                store,
                runner,
                EngineSettings.Of(options, catalogue, remote),
                Draw,
                time,
                logs.CreateLogger<TaskEngine>()
            );
            var limits = new TaskLimits(
                options.Limits.MaxTimeout,
                Protocol.WireLimits.ActiveRows,
                options.Results.WorklogTail
            );
            var orders = new TaskOrders(catalogue, limits);
            var views = new Views(catalogue, limits);
            var connections = new ConnectionCount();
            var reloader = new Reloader(reread, sources, access, engine, catalogue, remote, options, time);
            remote.Changed = reloader.FollowWorkersAsync;
            var roster = new WorkerRoster(workers, remote, time);
            var facts = new DaemonFacts(
                Version,
                durability == StoreDurability.Memory ? null : options.Store.Path,
                durability.ToString().ToLowerInvariant(),
                () => connections.Open
            );
            var wrongKeys = new WrongKeys(options.Server.AuthenticationDelay, time);
            var router = new RequestRouter(
                [
                    new TaskHandlers(engine, orders, views, audit),
                    new LookHandlers(engine, catalogue, views, limits, Version),
                    new StreamHandlers(engine, live),
                    new AdminHandlers(engine, reloader, roster, facts, time, shutdown),
                ],
                access,
                wrongKeys,
                audit,
                time,
                logs.CreateLogger<RequestRouter>()
            );
            var lines = new LineConnection(
                router,
                new LegacyConversation(engine, catalogue, orders, access, wrongKeys, audit, time),
                access,
                new LineLimits
                {
                    Line = options.Server.MaxLine,
                    LineBeforeKey = options.Server.MaxLineUnauthenticated,
                    FirstLine = options.Server.FirstLine,
                    Idle = options.Server.Idle,
                    Write = options.Server.WriteTimeout,
                },
                time,
                logs.CreateLogger<LineConnection>()
            );
            var strangers = new Strangers(
                options.Server.MaxUnauthenticated,
                options.Server.MaxUnauthenticatedPerAddress
            );
            return new Daemon(
                store,
                engine,
                catalogue,
                router,
                views,
                lines,
                connections,
                strangers,
                reloader,
                orders,
                workers,
                remote
            );
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Speaks with workers on other machines.</summary>
    public RemoteWorkers Remote { get; }

    private static RemoteWorkers RemoteOf(
        DaemonOptions options,
        Access access,
        ILoggerFactory logs,
        TimeProvider time
    ) =>
        new(
            new RemoteWorkersOptions(
                options.Workers.Heartbeat,
                options.Workers.Lease,
                options.Server.FirstLine,
                Math.Max(options.Results.MaxResult, options.Results.MaxPosted) + WorkerPools.FrameMargin
            ),
            access.IdentifyWorker,
            logs.CreateLogger<RemoteWorkers>(),
            time
        )
        {
            Limits = (options.Results.MaxResult, options.Results.MaxPosted),
        };

    /// <summary>The keys as requesters; null when none are configured.</summary>
    public static IKeyRing? KeysOf(ConfigurationOutcome setup, TimeProvider time) =>
        setup.Keys.IsEmpty ? null : new KeyRing(setup.Keys, time);

    /// <inheritdoc/>
    public void Dispose()
    {
        _workers.Dispose();
        _store.Dispose();
    }

    // The jitter of retries: how good the numbers are does not matter, only that daemons do not march in step.
    private static double Draw() => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
}
