using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace AptTask.Puppet;

/// <summary>What the puppet can do.</summary>
internal static partial class Deeds
{
    public static void Say(string word)
    {
        Console.Out.WriteLine(word);
        Console.Out.Flush();
    }

    public static void Sleep(double seconds) => Thread.Sleep(TimeSpan.FromSeconds(seconds));

    public static int Spew(long bytes, bool toError)
    {
        using var output = toError ? Console.OpenStandardError() : Console.OpenStandardOutput();
        var piece = Encoding.ASCII.GetBytes(new string('x', 65536));
        for (var left = bytes; left > 0; left -= piece.Length)
            output.Write(piece, 0, (int)Math.Min(left, piece.Length));
        return 0;
    }

    public static int WaitForTerm(int code)
    {
        using var asked = new ManualResetEventSlim();
        using var registration = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            context =>
            {
                context.Cancel = true;
                asked.Set();
            }
        );
        Say("ready");
        asked.Wait(TimeSpan.FromSeconds(60));
        return code;
    }

    /// <summary>Leaves a process behind that is nobody's child and in a session of its own.</summary>
    public static int Fork(string how, string seconds) =>
        Shell($"({how} sleep {double.Parse(seconds)} </dev/null >/dev/null 2>&1 &) & wait; echo ready");

    public static int Shell(string script)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        using var shell = Process.Start(start)!;
        shell.WaitForExit();
        return shell.ExitCode;
    }

    /// <summary>Takes memory until it has it or gets no more.</summary>
    public static unsafe int Allocate(long bytes)
    {
        const int piece = 1 << 20;
        for (long had = 0; had < bytes; had += piece)
        {
            var memory = (byte*)Malloc(piece);
            if (memory is null)
            {
                Console.Error.WriteLine("puppet: out of memory");
                return 70;
            }
            for (var i = 0; i < piece; i += 4096)
                memory[i] = 1;
        }
        return 0;
    }

    public static void Forget(int signal) => _ = SetHandler(signal, 0);

    [LibraryImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "malloc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Malloc(nuint bytes);
}
