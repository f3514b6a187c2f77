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

    /// <summary>
    /// Takes a child that has ended off the list of processes, and tells what it and its reaped children have used: seconds of processor
    /// time, and bytes of the largest one. Null when it has not ended.
    /// </summary>
    public static FenceUsage? Reap(int child)
    {
        const double microseconds = 1e6;
        const long kibi = 1024;
        if (WaitFor(child, out _, WaitNoHang, out var usage) != child)
            return null;
        var cpu =
            usage.UserSeconds
            + usage.SystemSeconds
            + ((usage.UserMicroseconds + usage.SystemMicroseconds) / microseconds);
        return new FenceUsage(cpu, usage.LargestKibibytes * kibi);
    }

    /// <summary>Files that this process was started with are not handed on to its children.</summary>
    public static void KeepFilesFromChildren()
    {
        const uint closeOnExec = 4;
        const uint firstAfterStandard = 3;
        _ = CloseRange(firstAfterStandard, uint.MaxValue, closeOnExec);
    }

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

    [LibraryImport("libc", EntryPoint = "wait4")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int WaitFor(int child, out int status, int options, out ResourceUsage usage);

    [LibraryImport("libc", EntryPoint = "close_range")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseRange(uint first, uint last, uint flags);

    /// <summary>The kernel's <c>rusage</c>; what is not read here is only room.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceUsage
    {
        public nint UserSeconds;
        public nint UserMicroseconds;
        public nint SystemSeconds;
        public nint SystemMicroseconds;
        public nint LargestKibibytes;
        public Room Rest;

        [System.Runtime.CompilerServices.InlineArray(13)]
        public struct Room
        {
            private nint _first;
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ProcessControl(int option, nuint value, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetLimit(int resource, in ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint uid, uint gid);

    /// <summary>Gives a file or folder to a user; a link itself and not what it leads to.</summary>
    public static bool Give(string path, Subject user) => ChangeOwner(path, user.Uid, user.Gid) == 0;
}
