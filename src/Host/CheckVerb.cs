using AptTask.Host.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace AptTask.Host;

/// <summary><c>aptaskd check</c>: reads everything, starts nothing.</summary>
internal static class CheckVerb
{
    /// <summary>Says all that is wrong.</summary>
    /// <returns>0 when nothing is; 3 when something is, or when a command cannot have its fence on this machine.</returns>
    public static int Run(Setup setup)
    {
        var outcome = setup.Read(FileProtection.Strict);
        if (!Setup.Explain(outcome, Console.Out))
            return ExitCodes.BadConfiguration;
        var catalogue = new Execution.RoutineCatalogue();
        var sources = new RoutineSources(catalogue, TimeProvider.System, NullLoggerFactory.Instance);
        var loaded = sources.Load(outcome);
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
