using System.Diagnostics;
using System.Runtime.InteropServices;
using AptTask.Plugin;

namespace Ruinous;

/// <summary>Each of these ends or disturbs the process that it runs in, in a way of its own.</summary>
public static partial class Ruinous
{
    private static int _calls;

    [Routine("ruin.exit")]
    public static void Exit(int code = 0) => Environment.Exit(code);

    [Routine("ruin.exit_at_once")]
    public static void ExitAtOnce() => LeaveNow(43);

    [Routine("ruin.failfast")]
    public static void FailFast() => Environment.FailFast("asked to");

    [Routine("ruin.stack")]
    public static int Stack(int depth = 0) => Stack(depth + 1) + Stack(depth + 2) + 1;

    [Routine("ruin.native")]
    public static void Native() => Abort();

    [Routine("ruin.kill")]
    public static void Kill() => Process.GetCurrentProcess().Kill();

    [Routine("ruin.stop_itself")]
    public static void StopItself(RoutineContext context)
    {
        context.Log("begun");
        context.Report(0.1, "begun");
        Signal(Environment.ProcessId, 19);
    }

    [Routine("ruin.hang")]
    public static void Hang(RoutineContext context)
    {
        context.Log("begun");
        context.Report(0.1, "begun");
        while (true)
            Thread.SpinWait(1000);
    }

    [Routine("ruin.ignore")]
    public static async Task IgnoreAsync(RoutineContext context)
    {
        context.Log("begun");
        context.Report(0.1, "begun");
        await Task.Delay(Timeout.Infinite);
    }

    [Routine("ruin.allocate")]
    public static void Allocate()
    {
        var held = new List<byte[]>();
        while (true)
        {
            var chunk = new byte[8 * 1024 * 1024];
            Array.Fill(chunk, (byte)1);
            held.Add(chunk);
        }
    }

    [Routine("ruin.allocate_native")]
    public static unsafe void AllocateNative()
    {
        while (true)
            NativeMemory.Fill(NativeMemory.Alloc(8 * 1024 * 1024), 8 * 1024 * 1024, 1);
    }

    [Routine("ruin.threads")]
    public static void Threads(int count = 1000)
    {
        for (var i = 0; i < count; i++)
            new Thread(() => Thread.Sleep(Timeout.Infinite)) { IsBackground = true }.Start();
    }

    [Routine("ruin.later")]
    public static void Later()
    {
        new Thread(() =>
        {
            Thread.Sleep(50);
            throw new InvalidOperationException("after the end");
        }).Start();
    }

    [Routine("ruin.flood")]
    public static void Flood(int lines = 200_000)
    {
        for (var i = 0; i < lines; i++)
            Console.WriteLine("flood flood flood flood flood flood flood flood");
        Console.Error.WriteLine("the end of the flood");
    }

    [Routine("ruin.print")]
    public static void Print()
    {
        Console.WriteLine("managed");
        Console.Error.WriteLine("error");
        var native = "native\n"u8.ToArray();
        _ = Write(1, native, native.Length);
    }

    [Routine("ruin.forge")]
    public static void Forge(string frame = """{"frame":"end","call":77}""")
    {
        var line = System.Text.Encoding.UTF8.GetBytes(frame + "\n");
        for (var descriptor = 3; descriptor < 512; descriptor++)
        {
            // Only pipes: a file or an event is of no use to a forger.
            var target = new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;
            if (target?.StartsWith("pipe:", StringComparison.Ordinal) == true)
                _ = Write(descriptor, line, line.Length);
        }
        Thread.Sleep(Timeout.Infinite);
    }

    [Routine("ruin.read")]
    public static string? Read() => Console.In.ReadLine() ?? "nothing to read";

    [Routine("ruin.calls")]
    public static int Calls() => Interlocked.Increment(ref _calls);

    [Routine("ruin.pid")]
    public static int Pid() => Environment.ProcessId;

    [Routine("ruin.environment")]
    public static string[] EnvironmentNames() =>
        [.. Environment.GetEnvironmentVariables().Keys.Cast<string>().Order(StringComparer.Ordinal)];

    [Routine("ruin.orphan")]
    public static void Orphan(string seconds, RoutineContext context)
    {
        using var shell = Process.Start("/bin/sh", ["-c", $"setsid sleep {seconds} & setsid -f sleep {seconds}"]);
        shell.WaitForExit();
        context.Report(0.5, "begun");
        Thread.Sleep(Timeout.Infinite);
    }

    [Routine("ruin.scratch")]
    public static string Scratch(RoutineContext context)
    {
        File.WriteAllText(Path.Combine(context.ScratchFolder, "here.txt"), "text");
        return context.ScratchFolder;
    }

    [Routine("ruin.echo")]
    public static string Echo(string text) => text;

    [DllImport("libc", EntryPoint = "abort")]
    private static extern void Abort();

    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void LeaveNow(int code);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    [DllImport("libc", EntryPoint = "write")]
    private static extern nint Write(int descriptor, byte[] bytes, nint count);
}
