using AptTask.Host.Configuration;
using AptTask.Host.Execution.Commands;
using AptTask.Host.Execution.Workers;
using AptTask.Host.Execution.Workers.Remote;
using Microsoft.Extensions.Logging.Abstractions;

namespace AptTask.Host;

/// <summary><c>aptaskd doctor</c>: says what is enforced on this machine.</summary>
internal static class DoctorVerb
{
    /// <summary>Says it.</summary>
    public static async Task<int> RunAsync(Setup setup)
    {
        var outcome = setup.Read(FileProtection.Warn);
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
        await sources.LoadAsync(outcome);
        Console.WriteLine(
            $"aptaskd {Daemon.Version} on {System.Runtime.InteropServices.RuntimeInformation.OSDescription}"
        );
        var findings = await Doctor.ExamineAsync(outcome.Options!.Sandbox, TimeProvider.System);
        Console.Write(Doctor.Table(findings));
        foreach (var routine in catalogue.Routines.Select(routine => routine.Descriptor))
            Console.WriteLine($"{routine.Name}: {routine.Unavailable ?? "can run"}");
        return ExitCodes.Ok;
    }
}
