using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace AptTask.Acceptance.Tests;

/// <summary><c>docs/workers.md</c> is followed with two folders of this machine: its files are written, its lines are run.</summary>
public partial class WorkersGuideTests
{
    [Fact]
    public async Task A_second_machine_is_there_in_the_few_lines_of_the_guide()
    {
        await using var two = new TwoFolders();
        var blocks = Blocks(await File.ReadAllTextAsync(Path.Combine(Clone.Root, "docs", "workers.md")));
        Assert.Equal(6, blocks.Count);

        await two.RunAsync(two.Daemon, blocks[0]);
        var key = (await two.RunAsync(two.Daemon, blocks[1])).Trim();
        await two.WriteAsync(two.Daemon, "aptask.toml", blocks[2] + "tcp = \"\"\nhttp = \"\"\n");
        two.Start(two.Daemon, "aptaskd serve");

        await two.WriteAsync(two.Worker, "aptask.toml", "");
        await two.WriteAsync(two.Worker, "whitelist.toml", blocks[3]);
        await two.WriteAsync(two.Worker, "gpu-1.key", key + "\n");
        File.Copy(Path.Combine(two.Daemon, "server.pem"), Path.Combine(two.Worker, "server.pem"));
        two.Start(two.Worker, blocks[4]);

        await Eventually.HoldsAsync(
            async () => (await two.TryAsync(two.Daemon, "aptask index")).Output.Contains("gpu.info"),
            () => $"gpu.info should be offered.\n{two.Said}"
        );
        Assert.Contains("gpu-1", await two.RunAsync(two.Daemon, "aptask admin workers"), StringComparison.Ordinal);
        Assert.Contains("Linux", await two.RunAsync(two.Daemon, blocks[5]), StringComparison.Ordinal);
    }

    /// <summary>The blocks of the section, without their fences.</summary>
    private static List<string> Blocks(string guide)
    {
        var from = guide.IndexOf("## A second machine", StringComparison.Ordinal);
        var to = guide.IndexOf("### What holds", StringComparison.Ordinal);
        return [.. Block().Matches(guide[from..to]).Select(block => block.Groups["text"].Value)];
    }

    [GeneratedRegex(
        @"^```(toml)?\n(?<text>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Block();

    private sealed class TwoFolders : IAsyncDisposable
    {
        private readonly string _root = Path.Combine(Clone.Root, "artifacts", "t", Guid.NewGuid().ToString("N")[..8]);
        private readonly int _port = FreePort();
        private readonly List<Process> _processes = [];
        private readonly List<string> _said = [];

        public TwoFolders()
        {
            foreach (var folder in new[] { _root, Daemon, Worker })
                Directory.CreateDirectory(
                    folder,
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                );
        }

        public string Daemon => Path.Combine(_root, "daemon");

        public string Worker => Path.Combine(_root, "worker");

        public string Said
        {
            get
            {
                lock (_said)
                    return string.Join('\n', _said);
            }
        }

        public Task WriteAsync(string folder, string file, string text) =>
            File.WriteAllTextAsync(Path.Combine(folder, file), Here(text));

        public async Task<string> RunAsync(string folder, string line)
        {
            var run = await TryAsync(folder, line);
            Assert.True(run.ExitCode == 0, $"{line}\n{run.Output}\n{run.Errors}\n{Said}");
            return run.Output;
        }

        public Task<(int ExitCode, string Output, string Errors)> TryAsync(string folder, string line)
        {
            var words = Words(line);
            return Programs.RunAsync(words[0], words[1..], folder);
        }

        public void Start(string folder, string line)
        {
            var words = Words(line);
            var process = new Process
            {
                StartInfo = new ProcessStartInfo(words[0], words[1..])
                {
                    WorkingDirectory = folder,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                },
            };
            process.OutputDataReceived += (_, said) => Note(said.Data);
            process.ErrorDataReceived += (_, said) => Note(said.Data);
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            _processes.Add(process);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var process in _processes)
            {
                process.Kill();
                await process.WaitForExitAsync().WaitAsync(DaemonProcess.Patience);
                process.Dispose();
            }
            Directory.Delete(_root, recursive: true);
        }

        private string[] Words(string line)
        {
            var words = Here(line).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
            return words[0] switch
            {
                "aptaskd" => ["dotnet", Clone.Daemon, .. words[1..]],
                "aptask" => ["dotnet", Path.Combine(Clone.Output("Cli"), "aptask.dll"), .. words[1..]],
                _ => words,
            };
        }

        // What two folders of one machine, one without a GPU, have in the place of two machines.
        private string Here(string text) =>
            text.Replace("0.0.0.0:2144", $"127.0.0.1:{_port}", StringComparison.Ordinal)
                .Replace("daemon.example:2144", $"127.0.0.1:{_port}", StringComparison.Ordinal)
                .Replace("/usr/bin/nvidia-smi", "/usr/bin/uname", StringComparison.Ordinal);

        private void Note(string? line)
        {
            if (line is null)
                return;
            lock (_said)
                _said.Add(line);
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
