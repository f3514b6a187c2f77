using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AptTask.Plugin;

namespace Demo;

/// <summary>Small routines to try AptTask with, and to measure it with.</summary>
public static class Basics
{
    /// <summary>Does nothing.</summary>
    [Routine("demo.noop", Idempotent = true), Description("Does nothing, as fast as it can be done.")]
    public static void Noop() { }

    /// <summary>Gives back what it was given.</summary>
    [Routine("demo.echo", Idempotent = true), Description("Gives back the value that it was given.")]
    public static JsonElement Echo([Description("Any JSON value.")] JsonElement value) => value;

    /// <summary>Waits.</summary>
    [
        Routine("demo.sleep", Idempotent = true),
        Description("Waits, and says ten times how far it is. Ends at once when it is stopped.")
    ]
    public static async Task<TimeSpan> SleepAsync(
        [Description("How long, in seconds.")] [Range(0, 86_400)] double seconds,
        RoutineContext context,
        CancellationToken stop
    )
    {
        const int steps = 10;
        var began = context.Time.GetTimestamp();
        for (var step = 1; step <= steps; step++)
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds / steps), context.Time, stop);
            context.Report((double)step / steps);
        }
        return context.Time.GetElapsedTime(began);
    }

    /// <summary>Fails.</summary>
    [Routine("demo.fail", Idempotent = true), Description("Fails, to see what a failure looks like.")]
    public static void Fail(
        [Description("What to say.")] string message = "This routine always fails.",
        [Description("Whether another attempt may be made.")] bool retry = true
    ) => throw (retry ? new RoutineFailedException(message) : new DoNotRetryException(message));

    /// <summary>Leaves named data.</summary>
    [
        Routine("demo.post", Idempotent = true),
        Description("Posts data under a name, for its owner and for tasks that wait for it.")
    ]
    public static bool Post(
        [Description("The name.")] [Required] string name,
        [Description("Any JSON value.")] JsonElement value,
        RoutineContext context
    )
    {
        context.Log($"Posting {name}.");
        return context.Post(name, value);
    }

    /// <summary>Shows what its dependencies left.</summary>
    [
        Routine("demo.gather", Idempotent = true),
        Description("Gives back how the jobs ended that it waited for, and what they returned and posted.")
    ]
    public static IReadOnlyDictionary<string, Gathered> Gather(RoutineContext context) =>
        context.DependencyResults.ToDictionary(
            pair => pair.Key,
            pair => new Gathered(pair.Value.Outcome, pair.Value.Data, pair.Value.Posted)
        );
}
