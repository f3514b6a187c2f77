using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace AptTask.Acceptance.Tests;

/// <summary>A daemon with a door for workers, and the keys for it. It has no demo plugin: that one is for the workers.</summary>
internal sealed class RemoteSite : IAsyncDisposable
{
    private readonly Dictionary<string, string> _keys = [];
    private readonly List<RemoteProcess> _workers = [];

    private RemoteSite(int port) => Port = port;

    public DaemonProcess Daemon { get; private set; } = null!;

    /// <summary>Where workers knock; the same after a restart.</summary>
    public int Port { get; }

    /// <summary>The file of the certificate that it shows; null without TLS.</summary>
    public string Certificate => Path.Combine(Daemon.Folder, "server.pem");

    public string Key(string id) => _keys[id];

    /// <summary>An entry of a whitelist: a command that only sleeps, in the lane <c>far</c>.</summary>
    public static string Sleeper(string name, bool isIdempotent = false) =>
        $"""
            [[command]]
            name = "{name}"
            path = "/usr/bin/sleep"
            args = ["{"{seconds}"}"]
            sandbox = "limits"
            timeout = "1h"
            lane = "far"
            idempotent = {(isIdempotent ? "true" : "false")}
              [command.params.seconds]
              type = "int"
              min = 1
              max = 100000000

            """;

    /// <summary>Starts one.</summary>
    /// <param name="configuration">More lines of <c>aptask.toml</c>.</param>
    /// <param name="whitelist">The daemon's own commands.</param>
    /// <param name="lease">The lease of its workers; their heart beats ten times in a second.</param>
    /// <param name="host">The address of the door.</param>
    /// <param name="tls">Whether there is TLS, with a certificate made for it.</param>
    public static async Task<RemoteSite> OpenAsync(
        string configuration = "",
        string whitelist = "",
        string lease = "2s",
        string host = "127.0.0.1",
        bool tls = false
    )
    {
        var site = new RemoteSite(FreePort());
        site.Daemon = await DaemonProcess.StartAsync(
            $"[workers]\nlease = \"{lease}\"\nheartbeat = \"100ms\"\n{configuration}",
            whitelist,
            $"workers = \"{host}:{site.Port}\"\n"
                + (tls ? "tls_certificate = \"server.pem\"\ntls_key = \"server.key\"\n" : ""),
            site.PrepareAsync
        );
        return site;
    }

    /// <summary>Starts a worker in a folder of its own.</summary>
    public async Task<RemoteProcess> AddAsync(
        string name,
        string whitelist = "",
        string lane = "far=1",
        string? key = null,
        IReadOnlyList<string>? link = null,
        string? host = null,
        string? network = null,
        int? port = null
    )
    {
        var worker = new RemoteProcess(Daemon, name);
        _workers.Add(worker);
        await worker.StartAsync(
            whitelist,
            [
                "--connect",
                $"{host ?? "127.0.0.1"}:{port ?? Port}",
                "--name",
                name,
                .. lane.Split(' ').SelectMany(one => new[] { "--lane", one }),
                .. link ?? ["--plain"],
            ],
            key ?? _keys["places"],
            network
        );
        return worker;
    }

    /// <summary>A client of the group <c>one</c>, which is a user; by the Unix socket, so that TLS is not in the way.</summary>
    public async Task<LineClient> ConnectAsync()
    {
        var client = await Daemon.ConnectAsAdminAsync();
        (await client.AskAsync(JsonSerializer.Serialize(new { request = "hello", key = _keys["one"] }))).MustBeOk();
        return client;
    }

    /// <summary>Waits until these workers are there and have offered something, and no others.</summary>
    public async Task WaitForWorkersAsync(params string[] names)
    {
        using var admin = await Daemon.ConnectAsAdminAsync();
        var seen = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                var answer = await admin.AskAsync("""{"request":"workers"}""");
                seen = answer.GetRawText();
                var there = answer
                    .GetProperty("workers")
                    .EnumerateArray()
                    .Where(worker => worker.Text("kind") == "remote" && worker.Text("state") != "ending")
                    .ToArray();
                return there.All(worker => worker.TryGetProperty("routines", out var count) && count.GetInt32() > 0)
                    && there.Select(worker => worker.Text("name")).Order().SequenceEqual(names.Order());
            },
            () =>
                $"{string.Join(", ", names)} should be there, but: {seen}\n{Log}\n{string.Join("\n", _workers.Select(worker => worker.Said))}"
        );
    }

    /// <summary>What the daemon has written into its log.</summary>
    public string Log => ReadShared(Path.Combine(Daemon.Folder, "d.log"));

    /// <summary>Waits until the daemon's log says this.</summary>
    public Task WaitForLogAsync(string text) =>
        Eventually.HoldsAsync(
            () => Log.Contains(text, StringComparison.Ordinal),
            () => $"Not in the log: {text}\n{Log}"
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        await Daemon.DisposeAsync();
    }

    internal static string ReadShared(string file)
    {
        if (!File.Exists(file))
            return "";
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private async Task PrepareAsync(DaemonProcess daemon)
    {
        Directory.Delete(Path.Combine(daemon.Plugins, "demo"), recursive: true);
        Certificates.Write(daemon.Folder, "server");
        // The door asks for keys as soon as it is configured, so they come before it.
        _keys["places"] = await daemon.NewKeyAsync("places", "--role", "worker");
        _keys["one"] = await daemon.NewKeyAsync("one");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
