using System.Diagnostics.CodeAnalysis;
using AptTask.Host.Engine;

namespace AptTask.Host.Execution.Routines;

/// <summary>Somewhere that code can be run: in this process or in one of its own.</summary>
internal interface ICodeRunner
{
    /// <summary>Runs one attempt. False when this version takes no more attempts.</summary>
    bool TryRun(CodeName code, AttemptContext attempt, RunLimits limits, [NotNullWhen(true)] out Task<AttemptEnd>? run);

    /// <summary>Why it runs nothing at the moment, with what to do; null when it does.</summary>
    string? Trouble { get; }
}
