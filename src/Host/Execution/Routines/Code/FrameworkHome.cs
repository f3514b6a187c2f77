using System.Diagnostics.CodeAnalysis;
using AptTask.Host.Engine;

namespace AptTask.Host.Execution.Routines.Code;

/// <summary>One method of the framework, run in this process: its code is always there.</summary>
internal sealed class FrameworkHome(RoutineCode only, TimeProvider time) : ICodeHome, ICodeRunner
{
    private readonly Pace _pace = new(time);

    /// <inheritdoc/>
    public string Title => "the framework";

    /// <inheritdoc/>
    public string? Trouble => null;

    /// <inheritdoc/>
    public bool TryRun(
        CodeName code,
        AttemptContext attempt,
        RunLimits limits,
        [NotNullWhen(true)] out Task<AttemptEnd>? run
    )
    {
        run = new RoutineRun(this, only, attempt, limits, _pace).StartAsync();
        return true;
    }

    /// <inheritdoc/>
    public void Leave() { }

    /// <inheritdoc/>
    public void Abandon() { }

    /// <inheritdoc/>
    public void Return() { }
}
