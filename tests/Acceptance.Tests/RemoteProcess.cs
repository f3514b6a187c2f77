using System.Diagnostics;

namespace AptTask.Acceptance.Tests;

/// <summary>A real <c>aptaskd worker --connect</c>, with a folder, a configuration and a whitelist of its own.</summary>
internal sealed class RemoteProcess(DaemonProcess daemon, string name) : IAsyncDisposable
{
    private readonly List<string> _said = [];
    private Process? _process;
    private string[] _arguments = [];
    private string _key = "";

    public string Folder { get; } = Path.Combine(daemon.Folder, $"worker-{name}-{Guid.NewGuid().ToString("N")[..4]}");

    public int Pid => _process!.Id;

    /// <summary>What it has said so far, and written into its log.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return $"{name}:\n{string.Join('\n', _said)}\n{RemoteSite.ReadShared(Path.Combine(Folder, "w.log"))}";
        }
    }

    /// <summary>Makes its folder and starts it.</summary>
    public async Task StartAsync(string whitelist, string[] arguments, string key, string? network)
    {
        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        DaemonProcess.Copy(
            Path.Combine(Clone.Root, "artifacts", "plugins", "demo"),
            Path.Combine(Folder, "plugins", "demo")
        );
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "aptask.toml"),
            """
            [server]
            tcp = ""
            http = ""
            unix = ""
            [plugins]
            folders = ["plugins"]
            [log]
            file = "w.log"
            [[plugin]]
            name = "demo"
            isolation = "context"
            """
        );
        await File.WriteAllTextAsync(Path.Combine(Folder, "whitelist.toml"), "version = 1\n" + whitelist);
        string[] command = [Clone.Daemon, "worker", .. arguments, "--config", "aptask.toml"];
        _arguments = network is null ? ["dotnet", .. command] : ["ip", "netns", "exec", network, "dotnet", .. command];
        _key = key;
        Start();
    }

    /// <summary>Starts it again.</summary>
    public void Start()
    {
        var start = new ProcessStartInfo(_arguments[0], _arguments[1..])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["APTASK_KEY"] = _key;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Sends a signal.</summary>
    public async Task SignalAsync(string signal)
    {
        var sent = await Programs.RunAsync("kill", [$"-{signal}", $"{Pid}"], Folder);
        Assert.True(sent.ExitCode == 0, sent.Errors);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        try
        {
            await _process!.WaitForExitAsync().WaitAsync(DaemonProcess.Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"It should have ended. {Said}");
        }
        return _process.ExitCode;
    }

    /// <summary>Waits until it has said this.</summary>
    public Task WaitForAsync(string text) =>
        Eventually.HoldsAsync(
            () => Said.Contains(text, StringComparison.Ordinal),
            () => $"It should have said: {text}\n{Said}"
        );

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await WaitForExitAsync();
        }
        _process?.Dispose();
    }

    private void Note(string? line)
    {
        if (line is null)
            return;
        lock (_said)
            _said.Add(line);
    }
}
