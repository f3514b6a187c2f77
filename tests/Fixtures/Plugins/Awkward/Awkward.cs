using System.ComponentModel.DataAnnotations;
using AptTask.Plugin;

namespace Awkward;

public static class Shapes
{
    [Routine("awkward.good")]
    public static int Good() => 1;

    [Routine("awkward.twin")]
    public static int First() => 1;

    [Routine("awkward.twin")]
    public static int Second() => 2;

    [Routine("awkward.hidden")]
    private static int Hidden() => 1;

    [Routine("awkward.generic")]
    public static T Generic<T>(T value) => value;

    [Routine("awkward.ref")]
    public static void Ref(ref int value) => value++;

    [Routine("awkward.stream")]
    public static void TakesAStream(Stream stream) => stream.Dispose();

    [Routine("awkward.unchecked")]
    public static void Unchecked([CreditCard] string card) => card.ToString();

    [Routine("awkward.itself")]
    public static void Itself(Node node) => node.ToString();

    [Routine("bad name")]
    public static void BadName() { }

    [Routine("awkward.span")]
    public static ReadOnlySpan<char> Span() => "x";
}

public sealed class Node
{
    public Node? Next { get; set; }
}

[Routine("awkward.abstract")]
public abstract class Abstract : Routine;

[Routine("awkward.no_constructor")]
public sealed class NoConstructor(int value) : Routine
{
    public override ValueTask<Step> ProcessAsync(RoutineContext context, CancellationToken stop) => new(value);
}

[Routine("awkward.no_routine")]
public sealed class NoRoutine;
