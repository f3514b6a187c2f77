using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AptTask.Bench;

/// <summary>
/// The daemon as it ships, built in Release, in a folder of its own beside the build's output: not in a temporary folder, which
/// may be in memory and make a flush to disk look free.
/// </summary>
internal sealed class DaemonProcess : IAsyncDisposable
{
    /// <summary>The lane that is paused so that tasks stay pending in it.</summary>
    public const string ParkingLane = "parked";

    private static readonly string Program = Path.Combine(Tree.Root, "artifacts", "bin", "Host", "release", "aptaskd");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _folder;
    private readonly StringBuilder _errors = new();

    private DaemonProcess(Process process, string folder)
    {
        _process = process;
        _folder = folder;
    }

    public int Port { get; private set; }

    public string Socket => Path.Combine(_folder, "d.sock");

    /// <summary>What the daemon holds in memory, in bytes.</summary>
    public long ResidentBytes => Kibibytes("VmRSS:") * 1024;

    /// <summary>The worker processes below the daemon: proportional and private memory of each, in bytes.</summary>
    public static IReadOnlyList<(long Shared, long Own)> Workers =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _))
                .Where(IsWorker)
                .Select(folder => (Rollup(folder, "Pss:"), Rollup(folder, "Private_Dirty:"))),
        ];

    public static async Task<DaemonProcess> StartAsync(Options options, int width)
    {
        if (!options.SkipBuild)
            await BuildAsync();
        if (!File.Exists(Program))
            throw new InvalidOperationException($"There is no {Program}: run without --skip-build.");

        var folder = Path.Combine(
            Tree.Root,
            "artifacts",
            "bench",
            Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
        );
        Directory.CreateDirectory(folder);
        // A daemon refuses a configuration that others could change.
        // Workers of a root daemon are another user, and have to reach their copy of the plugin.
        File.SetUnixFileMode(
            folder,
            UnixFileMode.UserRead
                | UnixFileMode.UserWrite
                | UnixFileMode.UserExecute
                | UnixFileMode.GroupExecute
                | UnixFileMode.OtherExecute
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "aptask.toml"), Configuration(options, width));

        var start = new ProcessStartInfo(
            Program,
            ["serve", "--config", Path.Combine(folder, "aptask.toml"), "--insecure-permissions"]
        )
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        var daemon = new DaemonProcess(Process.Start(start)!, folder);
        daemon._process.ErrorDataReceived += (_, line) => daemon._errors.AppendLine(line.Data);
        daemon._process.BeginErrorReadLine();
        try
        {
            await daemon.ReadyAsync();
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The measuring is over and the store is thrown away, so nothing is lost by not asking politely.
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Configuration(Options options, int width) =>
        $$"""
            [server]
            tcp = "127.0.0.1:0"
            http = ""
            unix = "d.sock"
            [lanes]
            default = {{width}}
            {{ParkingLane}} = 1
            [store]
            path = "tasks.db"
            durability = "{{options.Durability}}"
            [plugins]
            folders = ["{{Tree.Root}}/artifacts/plugins"]
            cache = "plugins"
            [[plugin]]
            name = "demo"
            isolation = "{{options.Isolation}}"
            sandbox = "{{options.Text("sandbox", "isolated")}}"
            lanes = ["{{ParkingLane}}"]
            [whitelist]
            file = "{{Tree.Root}}/whitelist.toml"
            [log]
            file = "aptask.log"
            level = "warning"
            [audit]
            file = ""
            """;

    private static async Task BuildAsync()
    {
        using var build = Process.Start(
            new ProcessStartInfo("dotnet", ["build", "src/Host/Host.csproj", "-c", "Release", "-v", "q", "-nologo"])
            {
                WorkingDirectory = Tree.Root,
            }
        )!;
        await build.WaitForExitAsync();
        if (build.ExitCode != 0)
            throw new InvalidOperationException("The daemon does not build.");
    }

    /// <summary>Reads the lines that the daemon prints at its start, up to the one that says that it is ready.</summary>
    private async Task ReadyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("listening tcp ", StringComparison.Ordinal))
                Port = int.Parse(line[(line.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
            if (line.StartsWith("ready", StringComparison.Ordinal))
                return;
        }

        await _process.WaitForExitAsync(patience.Token);
        throw new InvalidOperationException(
            $"The daemon ended with {_process.ExitCode} before it was ready.\n{_errors}"
        );
    }

    private static bool IsWorker(string folder)
    {
        try
        {
            var words = File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0');
            return words.Length >= 3
                && words[1].EndsWith("aptaskd.dll", StringComparison.Ordinal)
                && words[2] == "worker";
        }
        catch (IOException)
        {
            // It has ended while we looked.
            return false;
        }
    }

    private static long Rollup(string folder, string field) =>
        File.ReadLines(Path.Combine(folder, "smaps_rollup"))
            .Where(line => line.StartsWith(field, StringComparison.Ordinal))
            .Select(line =>
                long.Parse(
                    line[field.Length..].Replace("kB", "", StringComparison.Ordinal),
                    CultureInfo.InvariantCulture
                ) * 1024
            )
            .First();

    private long Kibibytes(string field) =>
        File.ReadLines($"/proc/{_process.Id}/status")
            .Where(line => line.StartsWith(field, StringComparison.Ordinal))
            .Select(line =>
                long.Parse(
                    line[field.Length..].Replace("kB", "", StringComparison.Ordinal),
                    CultureInfo.InvariantCulture
                )
            )
            .Single();
}
