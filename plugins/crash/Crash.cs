using System.ComponentModel;
using AptTask.Plugin;

namespace CrashDemo;

/// <summary>Ends badly, each time in another way. A plugin of its own, so that the rest of the demo can be trusted without it.</summary>
public static class Crash
{
    private const int Chunk = 16 * 1024 * 1024;

    /// <summary>Ends badly.</summary>
    [
        Routine("demo.crash"),
        Description(
            "Ends badly, to see that the daemon does not. Only for worker processes: inside the daemon it ends the daemon."
        )
    ]
    public static void Now([Description("In which way.")] Way how)
    {
        switch (how)
        {
            case Way.Throw:
                throw new InvalidOperationException("demo.crash was asked to throw.");
            case Way.Exit:
                Environment.Exit(42);
                break;
            case Way.Failfast:
                Environment.FailFast("demo.crash was asked to fail fast.");
                break;
            case Way.Stackoverflow:
                _ = Deeper(0);
                break;
            case Way.Hang:
                while (true)
                    Thread.SpinWait(1000);
            case Way.Allocate:
                Allocate();
                break;
            default:
                throw new DoNotRetryException($"There is no way {how}.");
        }
    }

    private static long Deeper(long depth) => depth + Deeper(depth + 1) + depth;

    private static void Allocate()
    {
        var held = new List<byte[]>();
        while (true)
        {
            var chunk = new byte[Chunk];
            // Touched, so that it really takes memory.
            Array.Fill(chunk, (byte)1);
            held.Add(chunk);
        }
    }
}
