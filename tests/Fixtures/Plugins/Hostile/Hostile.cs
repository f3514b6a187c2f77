using AptTask.Plugin;

namespace Hostile;

public sealed class UnreadableException : Exception
{
    public override string Message => throw new InvalidOperationException("no message");

    public override string ToString() => throw new InvalidOperationException("no text");
}

public sealed class Loop
{
    public Loop Self => this;
}

public sealed class ThrowingGetter
{
    public int Value => throw new InvalidOperationException("getter");
}

public static class Initialiser
{
    private static readonly int Value = Fail();

    [Routine("hostile.initialiser")]
    public static int Get() => Value;

    private static int Fail() => throw new InvalidOperationException("The initialiser threw.");
}

[Routine("hostile.constructor")]
public sealed class Constructor : Routine
{
    public Constructor() => throw new InvalidOperationException("The constructor threw.");

    public override ValueTask<Step> ProcessAsync(RoutineContext context, CancellationToken stop) => new("never");
}

[Routine("hostile.abort")]
public sealed class Abort : Routine
{
    private readonly TaskCompletionSource _aborted = new();

    public override async ValueTask<Step> ProcessAsync(RoutineContext context, CancellationToken stop)
    {
        context.Report(0.1, "begun");
        await _aborted.Task;
        return 0.5;
    }

    public override ValueTask AbortAsync(RoutineContext context)
    {
        context.Log("aborting");
        _aborted.SetResult();
        throw new InvalidOperationException("The abort threw.");
    }
}

[Routine("hostile.steps")]
public sealed class Steps : Routine, IDisposable
{
    private RoutineContext? _context;

    public string Kind { get; set; } = "string";

    public override ValueTask<Step> ProcessAsync(RoutineContext context, CancellationToken stop)
    {
        _context = context;
        return new(
            Kind switch
            {
                "zero" => 0,
                "three" => 3,
                "one" => 1.0,
                "minus" => -1.0,
                "nan" => double.NaN,
                _ => "said",
            }
        );
    }

    public void Dispose() => _context?.Log("disposed");
}

public static class Hostile
{
    private static readonly ManualResetEventSlim Gate = new();

    [Routine("hostile.throw")]
    public static void Throw() => throw new InvalidOperationException("It threw.");

    [Routine("hostile.throw_later")]
    public static async Task ThrowLater()
    {
        await Task.Yield();
        throw new AggregateException(new InvalidOperationException("one"), new InvalidOperationException("two"));
    }

    [Routine("hostile.unreadable")]
    public static void Unreadable() => throw new UnreadableException();

    [Routine("hostile.long_message")]
    public static void LongMessage() => throw new InvalidOperationException(new string('x', 10_000_000));

    [Routine("hostile.cancelled")]
    public static void Cancelled() => throw new OperationCanceledException();

    [Routine("hostile.nan")]
    public static object Nan() => new { Inner = new[] { 1.0, double.NaN } };

    [Routine("hostile.cyclic")]
    public static Loop Cyclic() => new();

    [Routine("hostile.getter")]
    public static ThrowingGetter Getter() => new();

    [Routine("hostile.type")]
    public static Type AType() => typeof(string);

    [Routine("hostile.huge")]
    public static string Huge() => new('x', 100_000_000);

    [Routine("hostile.endless")]
    public static IEnumerable<int> Endless()
    {
        while (true)
            yield return 1;
    }

    [Routine("hostile.null")]
    public static string? Null() => null;

    [Routine("hostile.never")]
    public static Task Never(RoutineContext context)
    {
        context.Report(0.1, "begun");
        return new TaskCompletionSource().Task;
    }

    /// <summary>Holds its thread until <c>hostile.open</c> is called; listens to nothing.</summary>
    [Routine("hostile.block")]
    public static string Block(RoutineContext context)
    {
        context.Report(0.1, "begun");
        Gate.Wait();
        context.Report(1, "after the end");
        return "late";
    }

    [Routine("hostile.open")]
    public static void Open() => Gate.Set();

    [Routine("hostile.reports")]
    public static void Reports(RoutineContext context)
    {
        context.Report(-1);
        context.Report(2);
        context.Report(double.NaN);
        for (var i = 0; i < 100_000; i++)
            context.Report(i / 100_000.0);
    }

    [Routine("hostile.allocate")]
    public static void Allocate() => throw new OutOfMemoryException();
}
