using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using AptTask.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AptTask.Bench;

/// <summary>
/// The first baseline: a door of the daemon's kind that sends every line back. What the daemon does on top of it is its own
/// cost. Runs in a process of its own, as the daemon does.
/// </summary>
internal sealed class EchoServer : IAsyncDisposable
{
    public const string Verb = "echo-server";

    private readonly Process _process;

    private EchoServer(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public static async Task<EchoServer> StartAsync()
    {
        var process = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, [Verb])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
                RedirectStandardInput = true,
            }
        )!;
        var port = await process.StandardOutput.ReadLineAsync();
        return new EchoServer(process, int.Parse(port!, CultureInfo.InvariantCulture));
    }

    /// <summary>Serves until standard input ends, which it also does when the one who started it is gone.</summary>
    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseConnectionHandler<Echo>())
        );
        await using var app = builder.Build();
        await app.StartAsync();
        var address = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        Console.WriteLine(new Uri(address).Port);
        while (await Console.In.ReadLineAsync() is not null) { }
        await app.StopAsync();
        return 0;
    }

    /// <summary>Sends lines of the length of a short request, so many at once, and says how long it took until all were back.</summary>
    public async Task<TimeSpan> MeasureAsync(int lines, int window)
    {
        await using var connection = await LineConnection.ToPortAsync(Port);
        var line = System.Text.Encoding.UTF8.GetBytes($"{{\"id\":1,\"request\":\"start\",\"name\":\"demo.noop\"}}\n");
        var (sent, back) = (0, 0);
        var started = Stopwatch.GetTimestamp();
        for (; sent < Math.Min(window, lines); sent++)
            connection.Output.Write(line);
        await connection.ReadUntilAsync(_ =>
        {
            back++;
            if (sent < lines)
            {
                connection.Output.Write(line);
                sent++;
            }

            return back == lines;
        });
        return Stopwatch.GetElapsedTime(started);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private sealed class Echo : ConnectionHandler
    {
        public override async Task OnConnectedAsync(ConnectionContext connection)
        {
            var cutter = new LineCutter(1024 * 1024);
            while (true)
            {
                var read = await connection.Transport.Input.ReadAsync();
                var buffer = read.Buffer;
                while (cutter.TryCut(ref buffer, out var line) == Cut.Line)
                {
                    foreach (var segment in line)
                        connection.Transport.Output.Write(segment.Span);
                    connection.Transport.Output.Write("\n"u8);
                }

                connection.Transport.Input.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted)
                    return;
                await connection.Transport.Output.FlushAsync();
            }
        }
    }
}
