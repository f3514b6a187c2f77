using System.Collections.Concurrent;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Execution;
using AptTask.Host.Output;
using AptTask.Host.Requests;
using AptTask.Host.Tests.Engine;
using AptTask.Host.Tests.Execution;
using AptTask.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace AptTask.Host.Tests.Requests;

/// <summary>The router with the real engine and store behind it; keys, routines and the ends of attempts are the test's.</summary>
internal sealed class RouterBench : IAsyncDisposable
{
    private readonly Access _access = new();
    private readonly List<RouterClient> _clients = [];
    private RequestRouter? _router;

    public RouterBench(int width = 1, Scheduling.GroupLimits? limits = null, LedgerOptions? ledger = null)
    {
        Bench = new EngineBench(width, limits, ledger);
        Live = new LiveWorkLogs(64 * 1024, Bench.Time);
        Catalogue.Replace([
            new ScriptedRoutine(ScriptedRoutine.Named("work")),
            new ScriptedRoutine(
                ScriptedRoutine.Named("capped") with
                {
                    Policy = new RoutinePolicy { Concurrency = 1 },
                }
            ),
            new ScriptedRoutine(
                ScriptedRoutine.Named("login") with
                {
                    Parameters =
                    [
                        new ParameterDescriptor("user", "string", true),
                        new ParameterDescriptor("password", "string", true) { Secret = true },
                    ],
                }
            ),
            new ScriptedRoutine(
                ScriptedRoutine.Named("ours") with
                {
                    Policy = new RoutinePolicy { Allow = ["group:site"] },
                }
            ),
        ]);
    }

    public EngineBench Bench { get; }

    public ScriptedRunner Runner => Bench.Runner;

    public RoutineCatalogue Catalogue { get; } = new();

    public LiveWorkLogs Live { get; }

    public Audit Notes { get; } = new();

    /// <summary>How often a shutdown was asked for.</summary>
    public int Shutdowns { get; private set; }

    public async Task<RouterBench> OpenAsync()
    {
        await Bench.OpenAsync();
        _access.Replace(new Keys());
        var limits = new TaskLimits(TimeSpan.FromHours(1), ActiveRows: 5, WorkLogTail: 1024);
        var views = new Views(Catalogue, limits);
        var facts = new DaemonFacts("1.0", Bench.DatabasePath, "normal", () => _clients.Count);
        _router = new RequestRouter(
            [
                new TaskHandlers(Bench.Engine, new TaskOrders(Catalogue, limits), views, Notes),
                new LookHandlers(Bench.Engine, Catalogue, views, limits, "1.0"),
                new StreamHandlers(Bench.Engine, Live),
                new AdminHandlers(
                    Bench.Engine,
                    new NothingToReload(),
                    new NoWorkers(),
                    facts,
                    Bench.Time,
                    () => Shutdowns++
                ),
            ],
            _access,
            new WrongKeys(TimeSpan.Zero, Bench.Time),
            Notes,
            Bench.Time,
            NullLogger<RequestRouter>.Instance
        );
        return this;
    }

    /// <summary>A client that shows a key with each request: <c>user</c>, <c>other</c>, <c>many</c> or <c>admin</c>.</summary>
    public RouterClient Client(string key)
    {
        var client = new RouterClient(_router!, key);
        _clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            await client.DisposeAsync();
        await Bench.DisposeAsync();
    }

    /// <summary>What was written down.</summary>
    internal sealed class Audit : IAudit
    {
        private readonly ConcurrentQueue<(string Key, string Request, string? Subject, bool Allowed)> _notes = new();

        public IReadOnlyList<(string Key, string Request, string? Subject, bool Allowed)> All => [.. _notes];

        public void Note(string peer, Requester requester, string request, string? subject, bool allowed) =>
            _notes.Enqueue((requester.Key!, request, subject, allowed));
    }

    private sealed class Keys : IKeyRing
    {
        public Requester? Verify(string key) => Find(key);

        public Requester? VerifyLegacy(string word) => null;

        public Requester? Find(string id) =>
            id switch
            {
                "user" => new Requester(id, Role.User, ["site"], []),
                "other" => new Requester(id, Role.User, ["other"], []),
                "many" => new Requester(id, Role.User, ["shop/*"], []),
                "few" => new Requester(id, Role.User, ["site"], ["w*"]),
                "admin" => new Requester(id, Role.Admin, ["*"], []),
                _ => null,
            };
    }

    private sealed class NothingToReload : IReloader
    {
        public Task<ReloadAnswer> ReloadAsync() =>
            Task.FromResult(
                new ReloadAnswer
                {
                    Changes = [],
                    Refused = [],
                    InUse = [],
                }
            );
    }

    private sealed class NoWorkers : IWorkerRoster
    {
        public IReadOnlyList<WorkerView> List() => [];

        public int KillAll() => 0;

        public Task<int?> DrainAsync(string worker, bool on) => Task.FromResult<int?>(null);
    }

    public static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}
