using System.IO.Pipelines;
using AptTask.Host.Configuration;
using AptTask.Host.Endpoints;
using AptTask.Host.Logging;
using AptTask.Host.Requests;
using AptTask.Host.Store;

namespace AptTask.Host;

/// <summary><c>aptaskd run</c>: the same lines from a file or standard input, no door unless asked, the store in memory unless asked.</summary>
internal static class RunVerb
{
    /// <summary>Runs the lines.</summary>
    public static async Task<int> RunAsync(Setup setup, RunOptions run, CancellationToken stop)
    {
        var configured = setup with { Sets = [.. setup.Sets, .. SetsOf(run)] };
        var outcome = configured.Read(FileProtection.Warn);
        if (!Setup.Explain(outcome, Console.Error))
            return ExitCodes.BadConfiguration;
        if (run.File != "-" && !File.Exists(run.File))
        {
            await Console.Error.WriteLineAsync($"error: there is no file {run.File}.");
            return ExitCodes.Usage;
        }

        var quiet = outcome.Options! with { Log = outcome.Options.Log with { Console = false } };
        await using var log = DaemonLog.Create(quiet.Log);
        try
        {
            return run.Listen
                ? await RunWithDoorsAsync(configured, outcome with { Options = quiet }, run, log, stop)
                : await RunAloneAsync(configured, outcome with { Options = quiet }, run, log, stop);
        }
        catch (Exception e) when (e is StoreInUseException or InvalidDataException or IOException)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            return ExitCodes.CannotStart;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped; what was running has been ended.");
            return ExitCodes.NotAllDone;
        }
    }

    private static async Task<int> RunAloneAsync(
        Setup setup,
        ConfigurationOutcome outcome,
        RunOptions run,
        Serilog.ILogger log,
        CancellationToken stop
    )
    {
        using var logs = new Serilog.Extensions.Logging.SerilogLoggerFactory(log);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var daemon = await Daemon.BuildAsync(
            outcome,
            () => setup.Read(FileProtection.Warn),
            run.Store is null ? StoreDurability.Memory : StoreDurability.Full,
            new NoAudit(),
            logs,
            ending.Cancel
        );
        if (Unfenced.Forbid(outcome.Options!.Sandbox, daemon.Catalogue, Console.Error))
            return ExitCodes.CannotStart;
        await daemon.Engine.StartAsync(CancellationToken.None);
        try
        {
            await daemon.Engine.Ready;
            return await RunLinesAsync(daemon, run, ending.Token);
        }
        finally
        {
            await daemon.Engine.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<int> RunWithDoorsAsync(
        Setup setup,
        ConfigurationOutcome outcome,
        RunOptions run,
        Serilog.ILogger log,
        CancellationToken stop
    )
    {
        await using var app = await ServeVerb.BuildAsync(setup, outcome, log);
        if (Unfenced.Forbid(outcome.Options!.Sandbox, app.Daemon.Catalogue, Console.Error))
            return ExitCodes.CannotStart;
        await app.Web.StartAsync(stop);
        try
        {
            await app.Daemon.Engine.Ready.WaitAsync(stop);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(
                stop,
                app.Web.Lifetime.ApplicationStopping
            );
            return await RunLinesAsync(app.Daemon, run, ending.Token);
        }
        finally
        {
            await app.Web.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<int> RunLinesAsync(Daemon daemon, RunOptions run, CancellationToken stop)
    {
        await using var input = run.File == "-" ? Console.OpenStandardInput() : File.OpenRead(run.File);
        await using var output = Console.OpenStandardOutput();
        var door = new LinesDoor(daemon.Router, session => new WholeRun(daemon.Engine, daemon.Views, session));
        if (run.Json || Console.IsOutputRedirected)
        {
            var allDone = await door.RunAsync(PipeReader.Create(input), PipeWriter.Create(output), stop);
            return allDone ? ExitCodes.Ok : ExitCodes.NotAllDone;
        }

        // For people the same lines go through a printer: it sees what a program would see and nothing else.
        var pipe = new Pipe();
        var printing = new RunPrinter(Spectre.Console.AnsiConsole.Console).PrintAsync(pipe.Reader);
        var done = await door.RunAsync(PipeReader.Create(input), pipe.Writer, stop);
        await printing;
        return done ? ExitCodes.Ok : ExitCodes.NotAllDone;
    }

    private static IEnumerable<string> SetsOf(RunOptions run)
    {
        if (run.Store is { } store)
            yield return $"store.path={Path.GetFullPath(store)}";
        else if (run.Listen)
            yield return "store.durability=memory";
    }
}
