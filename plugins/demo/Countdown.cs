using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AptTask.Plugin;

namespace Demo;

/// <summary>Counts down to zero, one number a step: the life of a class-style routine.</summary>
[Routine("demo.countdown", Idempotent = true), Description("Counts down to zero, one number a step.")]
public sealed class Countdown : Routine
{
    private int _left;

    /// <summary>Where to begin.</summary>
    [Description("The number to begin with."), Range(1, 1_000_000), DefaultValue(10)]
    public int From { get; set; } = 10;

    /// <summary>How long a step takes.</summary>
    [Description("How long to wait at each number, in seconds."), Range(0, 60), DefaultValue(0.0)]
    public double Pause { get; set; }

    /// <inheritdoc/>
    public override ValueTask InitializeAsync(RoutineContext context, CancellationToken stop)
    {
        _left = From;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override async ValueTask<Step> ProcessAsync(RoutineContext context, CancellationToken stop)
    {
        if (Pause > 0)
            await Task.Delay(TimeSpan.FromSeconds(Pause), context.Time, stop);
        _left--;
        if (_left > 0)
            return Step.GoOn(1 - ((double)_left / From), $"{_left} to go");
        Result = From;
        return "Zero.";
    }

    /// <inheritdoc/>
    public override ValueTask AbortAsync(RoutineContext context)
    {
        context.Log($"Stopped at {_left}.");
        return ValueTask.CompletedTask;
    }
}
