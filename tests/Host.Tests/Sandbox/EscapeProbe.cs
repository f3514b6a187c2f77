using System.Net;
using System.Net.Sockets;
using AptTask.Host.Execution.Sandbox;

namespace AptTask.Host.Tests.Sandbox;

/// <summary>Runs the program that tries to get out, and gives it something to find outside.</summary>
internal sealed class EscapeProbe : IDisposable
{
    private static readonly string Script = File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "Escape", "probe.py")
    );

    private static readonly string[] Namespaces = ["user", "pid", "net", "ipc", "uts", "cgroup", "mnt"];

    private readonly TcpListener _loopback = new(IPAddress.Loopback, 0);
    private readonly Socket _path = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Socket _abstract = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _folder = Directory.CreateTempSubdirectory("aptask-probe-").FullName;
    private readonly string _name = "aptask-probe-" + Guid.NewGuid().ToString("N");

    public EscapeProbe()
    {
        // Open to everybody, so that it is the fence that closes it.
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1FF);
        _loopback.Start();
        _path.Bind(new UnixDomainSocketEndPoint(SocketFile));
        _path.Listen();
        File.SetUnixFileMode(SocketFile, (UnixFileMode)0x1FF);
        _abstract.Bind(new UnixDomainSocketEndPoint("\0" + _name));
        _abstract.Listen();
        File.WriteAllText(Secret, "s3cr3t");
    }

    /// <summary>A file outside that everybody may read.</summary>
    public string Secret => Path.Combine(_folder, "secret");

    private string SocketFile => Path.Combine(_folder, "socket");

    /// <summary>What the program found, by what it tried; with the line of tools changed first, if that is wanted.</summary>
    public async Task<SortedDictionary<string, string>> RunAsync(
        FenceRequest request,
        Func<List<string>, List<string>>? change = null
    )
    {
        var port = ((IPEndPoint)_loopback.LocalEndpoint).Port;
        var outcome = await FenceRun.RunAsync(
            request,
            [
                "/usr/bin/python3",
                "-I",
                "-S",
                "-c",
                Script,
                FenceRun.Text(port),
                SocketFile,
                _name,
                FenceRun.Text(Environment.ProcessId),
                Secret,
                .. Namespaces.Select(name => $"{name}={new FileInfo("/proc/self/ns/" + name).LinkTarget}"),
            ],
            change
        );
        var verdicts = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["exit"] = FenceRun.Text(outcome.ExitCode),
            ["errors"] = outcome.Errors.Length == 0 ? "-" : outcome.Errors.Trim(),
        };
        foreach (var line in outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            verdicts[line[..line.IndexOf(' ')]] = line[(line.IndexOf(' ') + 1)..];
        return verdicts;
    }

    public void Dispose()
    {
        _loopback.Dispose();
        _path.Dispose();
        _abstract.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
