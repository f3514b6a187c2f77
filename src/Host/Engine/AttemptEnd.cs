using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>How an attempt ended and what it left.</summary>
/// <param name="Outcome">How, for the scheduler.</param>
internal sealed record AttemptEnd(AttemptOutcome Outcome)
{
    /// <summary>What it returned: one JSON value, UTF-8; empty for nothing.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>A program's exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What went wrong or a closing word, for people; cut to a limit.</summary>
    public string? Message { get; init; }

    /// <summary>What it used, as far as it could be measured.</summary>
    public AttemptUsage? Usage { get; init; }
}
