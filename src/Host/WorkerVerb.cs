using AptTask.Host.Execution.Sandbox;
using AptTask.Host.Execution.Workers;

namespace AptTask.Host;

/// <summary><c>aptaskd worker</c>: runs routines for a daemon.</summary>
internal static class WorkerVerb
{
    /// <summary>Works for the daemon at the other end of the standard streams, until it closes them.</summary>
    public static int Run()
    {
        var (input, output) = Descriptors.TakeStandardStreams();
        new WorkerLoop(input, output, Directory.GetCurrentDirectory(), TimeProvider.System).Run();
        return ExitCodes.Ok;
    }
}
