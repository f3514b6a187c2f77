using System.Text.Json;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>What a running attempt is given, and what it may tell while it runs. Its members may be called from any thread.</summary>
internal abstract class AttemptContext
{
    /// <summary>The task.</summary>
    public required TaskId Task { get; init; }

    /// <summary>The attempt's name.</summary>
    public required AttemptToken Token { get; init; }

    /// <summary>The attempt's number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The task's group.</summary>
    public required GroupName Group { get; init; }

    /// <summary>The client's name for the task.</summary>
    public JobId? Job { get; init; }

    /// <summary>The lane that it holds places of.</summary>
    public LaneName Lane { get; init; }

    /// <summary>How many places.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The bound arguments: a JSON object by name, UTF-8.</summary>
    public required ReadOnlyMemory<byte> Arguments { get; init; }

    /// <summary>How the jobs ended that the task waited for, by job id.</summary>
    public IReadOnlyDictionary<string, DependencyResult> Dependencies { get; init; } =
        new Dictionary<string, DependencyResult>();

    /// <summary>Cancelled when the attempt is asked to stop.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Cancelled when the attempt has to end at once.</summary>
    public CancellationToken Force { get; init; }

    /// <summary>Adds to the worklog. Cheap, bounded, never throws.</summary>
    public abstract void Log(LogStream stream, ReadOnlySpan<byte> utf8);

    /// <summary>Says how far it is. Only the newest report is kept.</summary>
    /// <param name="progress">0 to 1; clamped.</param>
    /// <param name="message">For people; cut to a limit.</param>
    public abstract void Report(double progress, string? message);

    /// <summary>Leaves named data for the owner and for dependants; a name again replaces the data.</summary>
    /// <returns>False when it is too much to keep; nothing was kept then.</returns>
    public abstract bool Post(string name, JsonElement data);

    /// <summary>The path of a folder of its own, made when first asked for and removed after the end.</summary>
    public abstract string ScratchFolder { get; }
}
