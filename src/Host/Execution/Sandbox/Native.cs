using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>The few calls of the system that the framework does not have.</summary>
internal static partial class Native
{
    public const int SignalTerminate = 15;
    public const int SignalKill = 9;
    public const int SignalContinue = 18;
    public const int WaitNoHang = 1;

    private const int SignalBrokenPipe = 13;
    private const int SetChildSubreaper = 36;
    private const int LimitCore = 4;

    /// <summary>Sends a signal; a negative number means a process group. Answers whether anybody was there to get it.</summary>
    public static bool Signal(int process, int signal) => Kill(process, signal) == 0;

    /// <summary>Takes a child that has ended off the list of processes. Answers whether it had.</summary>
    public static bool Reap(int child) => WaitFor(child, out _, WaitNoHang) == child;

    /// <summary>Makes orphans of our children our own children, so that they can be found.</summary>
    public static bool BecomeSubreaper() => ProcessControl(SetChildSubreaper, 1, 0, 0, 0) == 0;

    /// <summary>No process of ours leaves an image of its memory; children inherit that.</summary>
    public static void ForbidCoreFiles()
    {
        var none = default(ResourceLimit);
        _ = SetLimit(LimitCore, in none);
    }

    /// <summary>
    /// Children start with the broken-pipe signal at its default. The runtime ignores it, and what is ignored stays so through exec; what
    /// is handled does not. So it is handled here, by a function of the C library that does nothing and takes nothing.
    /// </summary>
    public static void LetChildrenDieOfBrokenPipes()
    {
        if (Harmless != 0)
            _ = SetHandler(SignalBrokenPipe, Harmless);
    }

    private static readonly nint Harmless = NativeLibrary.TryGetExport(
        NativeLibrary.GetMainProgramHandle(),
        "getppid",
        out var function
    )
        ? function
        : 0;

    /// <summary>A program in memory that can no longer be changed; null where the system does not let such run.</summary>
    public static SafeFileHandle? SealedProgram(string name, ReadOnlySpan<byte> image)
    {
        const uint closeOnExec = 1;
        const uint allowSealing = 2;
        const uint executable = 16;
        const int addSeals = 1033;
        const int allSeals = 0xF;
        var descriptor = CreateMemoryFile(name, closeOnExec | allowSealing | executable);
        // Kernels before 6.3 do not know the flag, and let it be executed without it.
        if (descriptor < 0)
            descriptor = CreateMemoryFile(name, closeOnExec | allowSealing);
        if (descriptor < 0)
            return null;
        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(file, image, 0);
        if (FileControl(descriptor, addSeals, allSeals) == 0)
            return file;
        file.Dispose();
        return null;
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileControl(int descriptor, int command, int value);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public nuint Soft;
        public nuint Hard;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int WaitFor(int child, out int status, int options);

    [LibraryImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ProcessControl(int option, nuint value, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetLimit(int resource, in ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint uid, uint gid);

    /// <summary>Gives a file or folder to a user.</summary>
    public static bool Give(string path, Subject user) => ChangeOwner(path, user.Uid, user.Gid) == 0;
}
