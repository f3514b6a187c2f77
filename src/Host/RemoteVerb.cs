using System.Collections.Immutable;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AptTask.Host.Configuration;
using AptTask.Host.Execution;
using AptTask.Host.Execution.Workers;
using AptTask.Host.Execution.Workers.Frames;
using AptTask.Host.Execution.Workers.Remote;
using AptTask.Host.Logging;
using Serilog.Extensions.Logging;

namespace AptTask.Host;

/// <summary>
/// <c>aptaskd worker --connect</c>: offers this machine's places and routines to a daemon elsewhere, and comes back when the link is
/// lost. What may run here is said by the configuration here.
/// </summary>
internal static partial class RemoteVerb
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);
    private const int WriteTimeout = 10_000;

    /// <summary>What stands on the command line.</summary>
    /// <param name="Host">The daemon's name or address.</param>
    /// <param name="Port">The port of its door for workers.</param>
    /// <param name="Key">The worker's key.</param>
    /// <param name="Name">The worker's name.</param>
    /// <param name="Lanes">Its places by lane.</param>
    /// <param name="Certificate">A PEM file with the certificate that the daemon has to show; null for what the system trusts.</param>
    /// <param name="IsPlain">No TLS: for a daemon on the same machine, or behind a tunnel.</param>
    public sealed record Offered(
        string Host,
        int Port,
        string? Key,
        string Name,
        ImmutableDictionary<string, int> Lanes,
        string? Certificate,
        bool IsPlain
    );

    /// <summary>Works until it is told to stop.</summary>
    public static async Task<int> RunAsync(Setup setup, Offered offered, CancellationToken stop)
    {
        // The lanes that are offered are the ones that the whitelist here may name.
        var outcome = (
            setup with
            {
                Sets = [.. setup.Sets, .. offered.Lanes.Select(lane => $"lanes.{lane.Key}={lane.Value}")],
            }
        ).Read(FileProtection.Strict);
        if (!Setup.Explain(outcome, Console.Error))
            return ExitCodes.BadConfiguration;
        if (offered.Certificate is { } file && WhyNoCertificate(file) is { } why)
        {
            await Console.Error.WriteLineAsync(
                $"error: --certificate {file} cannot be read: {why} Give the PEM file of the daemon's certificate."
            );
            return ExitCodes.Usage;
        }
        await using var log = DaemonLog.Create(outcome.Options!.Log);
        using var logs = new SerilogLoggerFactory(log);
        var logger = logs.CreateLogger<RemoteLoop>();
        var catalogue = new RoutineCatalogue();
        using var workers = new WorkerPools(TimeProvider.System);
        await new RoutineSources(catalogue, workers, RemoteWorkers.None, TimeProvider.System, logs).LoadAsync(outcome);
        foreach (var withheld in catalogue.Routines.Select(routine => routine.Descriptor))
        {
            if ((withheld.Unavailable ?? withheld.Trouble) is { } trouble)
                LogWithheld(logger, withheld.Name, trouble);
        }
        var scratch = Path.Combine(Path.GetTempPath(), $"aptask-{Environment.ProcessId}");
        var hello = new Frame.Hello(RemoteWorkersOptions.FramesVersion, offered.Name, Daemon.Version)
        {
            Key = offered.Key,
            Process = Guid.NewGuid().ToString("N"),
        };
        var delay = FirstDelay;
        while (!stop.IsCancellationRequested)
        {
            var began = TimeProvider.System.GetTimestamp();
            try
            {
                await using var stream = await ConnectAsync(offered, stop);
                LogLinked(logger, offered.Host, offered.Port);
                Console.WriteLine($"linked {offered.Host}:{offered.Port}");
                using var link = new RemoteLoop(catalogue, offered.Lanes, scratch, stream, logger, TimeProvider.System);
                LogUnlinked(logger, await link.SpeakAsync(hello, stop));
            }
            catch (WorkerFailedException refused)
            {
                await Console.Error.WriteLineAsync($"error: {refused.Message}");
                return ExitCodes.CannotStart;
            }
            catch (Exception broken) when (broken is SocketException or IOException or AuthenticationException)
            {
                LogUnlinked(logger, broken.Message);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            // A link that held for a while was a good one: it is tried again at once.
            delay =
                TimeProvider.System.GetElapsedTime(began) > LongestDelay
                    ? FirstDelay
                    : Smaller(delay * 2, LongestDelay);
            await Task.Delay(delay, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return ExitCodes.Ok;
    }

    private static TimeSpan Smaller(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static async Task<Stream> ConnectAsync(Offered offered, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendTimeout = WriteTimeout };
        try
        {
            await socket.ConnectAsync(offered.Host, offered.Port, stop);
            var stream = new NetworkStream(socket, ownsSocket: true);
            if (offered.IsPlain)
                return stream;
            var secure = new SslStream(stream);
            await secure.AuthenticateAsClientAsync(TlsOf(offered), stop);
            return secure;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SslClientAuthenticationOptions TlsOf(Offered offered)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = offered.Host };
        if (offered.Certificate is not { } file)
            return options;
        // Exactly this certificate, whoever signed it and whatever name it carries.
        var expected = X509CertificateLoader.LoadCertificateFromFile(file).RawData;
        options.RemoteCertificateValidationCallback = (_, shown, _, _) =>
            shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(expected)
                ? true
                : throw new AuthenticationException(
                    $"the daemon shows another certificate than the one in {file}; give --certificate the one of its server.tls_certificate"
                );
        return options;
    }

    private static string? WhyNoCertificate(string file)
    {
        try
        {
            X509CertificateLoader.LoadCertificateFromFile(file).Dispose();
            return null;
        }
        catch (Exception wrong) when (wrong is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return wrong.Message;
        }
    }

    [LoggerMessage(2301, LogLevel.Information, "Linked with the daemon at {Host}:{Port}.")]
    private static partial void LogLinked(Microsoft.Extensions.Logging.ILogger log, string host, int port);

    [LoggerMessage(2303, LogLevel.Warning, "{Routine} is not offered: {Why}")]
    private static partial void LogWithheld(Microsoft.Extensions.Logging.ILogger log, string routine, string why);

    [LoggerMessage(2302, LogLevel.Warning, "The link with the daemon is gone: {Why}.")]
    private static partial void LogUnlinked(Microsoft.Extensions.Logging.ILogger log, string why);
}
