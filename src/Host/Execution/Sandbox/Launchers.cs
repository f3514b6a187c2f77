using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using AptTask.Host.Configuration;
using Microsoft.Win32.SafeHandles;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>
/// Keeps the launchers of this process: files in memory, sealed, that nobody else can reach. There is one for each
/// different fence, so a reload with the same entries adds none.
/// </summary>
internal static class Launchers
{
    private const string LastCapabilityFile = "/proc/sys/kernel/cap_last_cap";

    private static readonly ConcurrentDictionary<
        (SandboxProfile, CommandLimits, Subject?, int),
        Lazy<SafeFileHandle?>
    > Files = new();

    /// <summary>The path of the launcher for a fence; null when it cannot be had here and the chain of tools has to do.</summary>
    public static string? Find(FenceRequest request)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return null;
        var file = Files.GetOrAdd(
            (
                request.Profile,
                request.HasNamespaces ? CommandLimits.Unlimited : request.Limits,
                request.User,
                request.Start.Joins.Length
            ),
            _ => new Lazy<SafeFileHandle?>(() => Make(request))
        );
        // The child opens it through its own table of files, in which it still is until the moment of exec.
        return file.Value is { } handle ? $"/proc/self/fd/{handle.DangerousGetHandle()}" : null;
    }

    private static SafeFileHandle? Make(FenceRequest request)
    {
        if (!File.Exists(LastCapabilityFile))
            return null;
        var last = int.Parse(File.ReadAllText(LastCapabilityFile), CultureInfo.InvariantCulture);
        return Native.SealedProgram("aptask-fence", LauncherImage.Build(request, last));
    }
}
