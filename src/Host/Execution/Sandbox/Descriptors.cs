using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>The calls on file descriptors that the framework does not have.</summary>
internal static partial class Descriptors
{
    private const short ReadyToRead = 1;
    private const int Interrupted = 4;

    /// <summary>Waits until one of two pipes has something to read or has ended. A descriptor of -1 is passed over.</summary>
    public static (bool First, bool Second) WaitForEither(int first, int second)
    {
        Span<Polled> polled =
        [
            new() { Descriptor = first, Wanted = ReadyToRead },
            new() { Descriptor = second, Wanted = ReadyToRead },
        ];
        while (Poll(ref polled[0], 2, -1) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
                throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
        return (polled[0].Happened != 0, polled[1].Happened != 0);
    }

    /// <summary>How many bytes can be read without waiting.</summary>
    public static int Available(int descriptor)
    {
        const nuint bytesToRead = 0x541B;
        return Control(descriptor, bytesToRead, out var count) == 0 ? count : 0;
    }

    /// <summary>Reads what is there; waits when nothing is.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    public static int Read(int descriptor, Span<byte> into)
    {
        while (true)
        {
            var count = Read(descriptor, ref MemoryMarshal.GetReference(into), (nuint)into.Length);
            if (count >= 0)
                return (int)count;
            if (Marshal.GetLastPInvokeError() != Interrupted)
                return 0;
        }
    }

    /// <summary>
    /// Takes the standard input and output for frames. From now on whatever code of this process prints goes to the standard
    /// error, and what it reads is at its end: neither can disturb the frames.
    /// </summary>
    public static (FileStream Input, FileStream Output) TakeStandardStreams()
    {
        var input = Private(0);
        var output = Private(1);
        using var nothing = File.OpenHandle("/dev/null");
        if (Duplicate(nothing.DangerousGetHandle().ToInt32(), 0) < 0 || Duplicate(2, 1) < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        return (new FileStream(input, FileAccess.Read, 0), new FileStream(output, FileAccess.Write, 0));
    }

    private static SafeFileHandle Private(int descriptor)
    {
        const int duplicateAndCloseOnExec = 1030;
        const int lowest = 10;
        var copy = Control(descriptor, duplicateAndCloseOnExec, lowest);
        return copy >= 0
            ? new SafeFileHandle(copy, ownsHandle: true)
            : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Polled
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref Polled first, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(int descriptor, ref byte into, nuint count);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, nuint request, out int value);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, int command, int value);
}
