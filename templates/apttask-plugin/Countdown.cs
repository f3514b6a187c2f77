using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AptTask.Plugin;

namespace PluginName;

/// <summary>A routine written as a class: it works in steps, and each says how far it is.</summary>
[Routine("plugin-name.countdown", Idempotent = true), Description("Counts down to zero, one number a step.")]
public sealed class Countdown : Routine
{
    private int _left;

    /// <summary>Where to begin.</summary>
    [Description("The number to begin with."), Range(1, 1000), DefaultValue(10)]
    public int From { get; set; } = 10;

    /// <inheritdoc/>
    public override ValueTask InitializeAsync(RoutineContext context, CancellationToken stop)
    {
        _left = From;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override async ValueTask<Step> ProcessAsync(RoutineContext context, CancellationToken stop)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(100), context.Time, stop);
        _left--;
        if (_left > 0)
            return Step.GoOn(1 - ((double)_left / From), $"{_left} to go");
        Result = From;
        return "Zero.";
    }
}
