using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AptTask.Acceptance.Tests;

/// <summary>
/// A real daemon in a folder of its own, which outlives the process: it can be killed and started again on the same database.
/// The folder is inside the clone, since the daemon refuses configuration that others could change.
/// </summary>
internal sealed class DaemonProcess : IAsyncDisposable
{
    /// <summary>Costs time only when a test fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<string> _said = [];
    private Process? _process;

    private DaemonProcess(string folder) => Folder = folder;

    public string Folder { get; }

    public int Port { get; private set; }

    public int Pid => _process!.Id;

    public string Socket => Path.Combine(Folder, "d.sock");

    /// <summary>The drop folder.</summary>
    public string Plugins => Path.Combine(Folder, "plugins");

    public string Ledger => Path.Combine(Folder, "ledger");

    /// <summary>A folder with the shipped plugins and the ledger, and a daemon that runs in it.</summary>
    /// <param name="configuration">More lines of <c>aptask.toml</c>.</param>
    /// <param name="whitelist">The whole <c>whitelist.toml</c>.</param>
    /// <param name="server">More lines of its table <c>[server]</c>.</param>
    /// <param name="prepare">What else is done in the folder before it starts.</param>
    public static async Task<DaemonProcess> StartAsync(
        string configuration = "",
        string whitelist = "",
        string server = "",
        Func<DaemonProcess, Task>? prepare = null
    )
    {
        var folder = Directory.CreateDirectory(
            Path.Combine(Clone.Root, "artifacts", "t", Guid.NewGuid().ToString("N")[..8])
        );
        folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var daemon = new DaemonProcess(folder.FullName);
        Copy(Clone.Output("Ledger"), Path.Combine(daemon.Plugins, "ledger"));
        foreach (var shipped in Directory.GetDirectories(Path.Combine(Clone.Root, "artifacts", "plugins")))
            Copy(shipped, Path.Combine(daemon.Plugins, Path.GetFileName(shipped)));
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "aptask.toml"),
            $"""
            [server]
            tcp = "127.0.0.1:0"
            http = ""
            unix = "d.sock"
            {server}
            [store]
            path = "d.db"
            [plugins]
            folders = ["plugins"]
            [log]
            file = "d.log"
            [audit]
            file = "audit.log"
            {configuration}
            {string.Join("\n", new[] { "ledger", "demo", "textstats", "files", "http" }.Select(Trusted))}
            """
        );
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "whitelist.toml"), "version = 1\n" + whitelist);
        if (prepare is not null)
            await prepare(daemon);
        await daemon.StartAsync();
        return daemon;
    }

    /// <summary>Starts it again, on what the last one left.</summary>
    public async Task StartAsync()
    {
        lock (_said)
            _said.Clear();
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = new ProcessStartInfo("dotnet", [Clone.Daemon, "serve", "--config", "aptask.toml"])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) =>
        {
            Note(line.Data);
            if (line.Data?.StartsWith("listening tcp ", StringComparison.Ordinal) == true)
                Port = int.Parse(line.Data[(line.Data.LastIndexOf(':') + 1)..]);
            if (line.Data?.StartsWith("ready", StringComparison.Ordinal) == true)
                ready.TrySetResult(true);
        };
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.Exited += (_, _) => ready.TrySetResult(false);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        Assert.True(await ready.Task.WaitAsync(Patience), $"The daemon did not start:\n{Said}");
    }

    /// <summary>What it has said so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said);
        }
    }

    /// <summary>SIGKILL: no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
        _process = null;
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", Pid.ToString()]);
        await _process!.WaitForExitAsync().WaitAsync(Patience);
        var code = _process.ExitCode;
        _process.Dispose();
        _process = null;
        return code;
    }

    /// <summary>How much memory it has now, in bytes.</summary>
    public long Memory =>
        File.ReadLines($"/proc/{Pid}/status")
            .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024)
            .Single();

    /// <summary>How many files and sockets it has open now.</summary>
    public int OpenFiles => Directory.GetFileSystemEntries($"/proc/{Pid}/fd").Length;

    /// <summary>Makes a key; a reload takes it in.</summary>
    public async Task<string> NewKeyAsync(string id, params string[] more)
    {
        var made = await Programs.RunAsync(
            "dotnet",
            [Clone.Daemon, "key", "new", id, .. more, "--config", "aptask.toml"],
            Folder
        );
        Assert.True(made.ExitCode == 0, made.Errors);
        return made.Output.Trim();
    }

    /// <summary>A reload that takes the files. A plugin may be refused: not every machine has the fence that one of them wants.</summary>
    public async Task ReloadAsync()
    {
        using var admin = await ConnectAsAdminAsync();
        var answer = await admin.AskAsync("""{"request":"reload"}""");
        answer.MustBeOk();
        Assert.DoesNotContain(
            answer.GetProperty("refused").EnumerateArray(),
            refused => refused.Text("source")!.EndsWith(".toml", StringComparison.Ordinal)
        );
    }

    /// <summary>A client over TCP: role user where no keys are configured.</summary>
    /// <param name="from">The address that it comes from; null for the usual one.</param>
    public async Task<LineClient> ConnectAsync(IPAddress? from = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
            socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return new LineClient(socket);
    }

    /// <summary>A client over the Unix socket: the daemon's own user, so an administrator.</summary>
    public async Task<LineClient> ConnectAsAdminAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket));
        return new LineClient(socket);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync();
        _process?.Dispose();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    private void Note(string? line)
    {
        if (line is null)
            return;
        lock (_said)
            _said.Add(line);
    }

    private static string Trusted(string plugin) => $"[[plugin]]\nname = \"{plugin}\"\nisolation = \"context\"";

    /// <summary>Copies a folder with all that is in it.</summary>
    public static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
