using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AptTask.Host.Execution.Workers;

/// <summary>What a worker process of this machine is started from: the daemon's own program, by the daemon's own runtime.</summary>
internal static class WorkerProgram
{
    private const string StackSize = "100000";

    /// <summary>The folder of the daemon's program.</summary>
    public static string Folder { get; } = Path.GetDirectoryName(typeof(WorkerProgram).Assembly.Location)!;

    /// <summary>The folder of the runtime, with the program <c>dotnet</c> and all frameworks.</summary>
    public static string Runtime { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>The command that starts a worker.</summary>
    public static ImmutableArray<string> Command { get; } =
    [Path.Combine(Runtime, "dotnet"), typeof(WorkerProgram).Assembly.Location, "worker"];

    /// <summary>All of a worker's environment.</summary>
    /// <param name="folder">Its folder, as it sees it.</param>
    /// <param name="memory">What it may use, in bytes.</param>
    public static Dictionary<string, string> Environment(string folder, long memory) =>
        new(StringComparer.Ordinal)
        {
            ["PATH"] = "/usr/bin:/bin",
            ["HOME"] = folder,
            ["TMPDIR"] = folder,
            ["DOTNET_ROOT"] = Runtime,
            // Below the limit of the process, so that code that asks for too much gets an exception and not a signal.
            ["DOTNET_GCHeapHardLimit"] = (memory * 6 / 10).ToString("x", CultureInfo.InvariantCulture),
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_gcConcurrent"] = "0",
            ["DOTNET_Thread_DefaultStackSize"] = StackSize,
            // Else every process of the same user could attach to it.
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_TieredPGO"] = "0",
            // A worker has one task at a time: threads that spin for more would only take the processor from the daemon.
            ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        };
}
