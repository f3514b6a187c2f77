using AptTask.Host.Configuration;
using AptTask.Host.Execution.Workers;
using AptTask.Host.Execution.Workers.Remote;
using Microsoft.Extensions.Logging.Abstractions;

namespace AptTask.Host;

/// <summary><c>aptaskd check</c>: reads everything, starts nothing but the processes that read plugins.</summary>
internal static class CheckVerb
{
    /// <summary>Says all that is wrong.</summary>
    /// <returns>0 when nothing is; 3 when something is, or when a command cannot have its fence on this machine.</returns>
    public static async Task<int> RunAsync(Setup setup)
    {
        var outcome = setup.Read(FileProtection.Strict);
        if (!Setup.Explain(outcome, Console.Out))
            return ExitCodes.BadConfiguration;
        var catalogue = new Execution.RoutineCatalogue();
        using var workers = new WorkerPools(TimeProvider.System);
        var sources = new RoutineSources(
            catalogue,
            workers,
            RemoteWorkers.None,
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
        var loaded = await sources.LoadAsync(outcome);
        foreach (var refused in loaded.Refused)
            Console.WriteLine($"error: {refused.Source}: {refused.Message}");
        foreach (var routine in catalogue.Routines.Where(routine => routine.Descriptor.Unavailable is not null))
            Console.WriteLine($"warning: {routine.Descriptor.Name} cannot run here: {routine.Descriptor.Unavailable}");
        Console.WriteLine(
            $"{outcome.Options!.File ?? "defaults"}: {catalogue.Routines.Length} routines, {outcome.Options.Lanes.Length} lanes, {outcome.Keys.Length} keys."
        );
        return loaded.Refused.Count == 0 && !Unfenced.In(catalogue).Any() ? ExitCodes.Ok : ExitCodes.BadConfiguration;
    }
}
