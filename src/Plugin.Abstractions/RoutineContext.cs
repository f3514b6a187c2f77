using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AptTask.Plugin;

/// <summary>
/// What a running attempt knows of itself and what it may say while it runs. A method asks for one by having a parameter of this
/// type. All members may be called from any thread until the attempt has ended; later calls are ignored.
/// </summary>
/// <remarks>
/// A routine cannot tell whether it runs inside the daemon or in a worker process. Derive from this class to give your
/// own tests a context; members that are added later have a body, so that such classes go on compiling.
/// </remarks>
public abstract class RoutineContext
{
    /// <summary>The number of the task: positive, never used twice.</summary>
    public abstract long TaskId { get; }

    /// <summary>The group that the task belongs to.</summary>
    public abstract string Group { get; }

    /// <summary>The client's own name for the task, if it gave one.</summary>
    public abstract string? JobId { get; }

    /// <summary>The number of this attempt, from 1.</summary>
    public abstract int Attempt { get; }

    /// <summary>
    /// Names this attempt for good, and only grows from attempt to attempt. Hand it to other systems that should do a thing only once
    /// or should refuse what an older attempt still sends.
    /// </summary>
    public abstract long AttemptToken { get; }

    /// <summary>Cancelled when the attempt is asked to stop. The same as a <see cref="CancellationToken"/> parameter.</summary>
    public abstract CancellationToken Stop { get; }

    /// <summary>
    /// The path of an empty folder that only this attempt uses; made when it is first asked for, removed when the attempt has ended.
    /// </summary>
    public abstract string ScratchFolder { get; }

    /// <summary>How the jobs ended that the task waited for, by job id. Empty when it waited for none.</summary>
    public abstract IReadOnlyDictionary<string, DependencyResult> DependencyResults { get; }

    /// <summary>The clock to wait by, so that a test can move it.</summary>
    public virtual TimeProvider Time => TimeProvider.System;

    /// <summary>Says how far the routine is. May be called often: only the newest report is kept.</summary>
    /// <param name="progress">0 to 1; clamped. Not a number is taken as 0.</param>
    /// <param name="message">What it is at, for people; cut to a limit. Null leaves the message out.</param>
    public abstract void Report(double progress, string? message = null);

    /// <summary>Adds a line to the worklog of the task. The worklog is bounded; what is too much is dropped and counted there.</summary>
    /// <param name="text">One line or more.</param>
    public abstract void Log(string text);

    /// <summary>Leaves named data for the owner and for tasks that wait for this one. The same name again replaces the data.</summary>
    /// <param name="name">The name, unique within the task.</param>
    /// <param name="data">Any JSON value.</param>
    /// <returns>False when it is more than may be kept; nothing was kept then.</returns>
    public abstract bool Post(string name, JsonElement data);

    /// <summary>Leaves named data, written as JSON in the way in which a routine's return value is.</summary>
    /// <param name="name">The name, unique within the task.</param>
    /// <param name="data">A value that can be written as JSON.</param>
    /// <returns>False when it is more than may be kept; nothing was kept then.</returns>
    public abstract bool Post(string name, object? data);

    /// <summary>Leaves named data, written as JSON by the source-generated contract of the plugin.</summary>
    /// <param name="name">The name, unique within the task.</param>
    /// <param name="data">The value.</param>
    /// <param name="type">From a <c>JsonSerializerContext</c> of the plugin.</param>
    /// <returns>False when it is more than may be kept; nothing was kept then.</returns>
    public bool Post<T>(string name, T data, JsonTypeInfo<T> type) =>
        Post(name, JsonSerializer.SerializeToElement(data, type));
}
