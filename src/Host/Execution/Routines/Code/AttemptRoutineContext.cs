using System.Text;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines.Results;
using AptTask.Plugin;
using AptTask.Scheduling;
using DependencyResult = AptTask.Plugin.DependencyResult;

namespace AptTask.Host.Execution.Routines.Code;

/// <summary>The context of code that runs in this process. What is said after the end of the attempt is dropped.</summary>
internal sealed class AttemptRoutineContext(AttemptContext attempt, PlainJson json, int postLimit) : RoutineContext
{
    private const int TextLimit = 64 * 1024;

    private volatile bool _ended;
    private IReadOnlyDictionary<string, DependencyResult>? _dependencies;

    /// <inheritdoc/>
    public override long TaskId => attempt.Task.Value;

    /// <inheritdoc/>
    public override string Group => attempt.Group.Value;

    /// <inheritdoc/>
    public override string? JobId => attempt.Job?.Value;

    /// <inheritdoc/>
    public override int Attempt => attempt.Number;

    /// <inheritdoc/>
    public override long AttemptToken => attempt.Token.Value;

    /// <inheritdoc/>
    public override CancellationToken Stop => attempt.Stop;

    /// <inheritdoc/>
    public override string ScratchFolder =>
        _ended
            ? throw new InvalidOperationException("The attempt has ended, and its scratch folder with it.")
            : attempt.ScratchFolder;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, DependencyResult> DependencyResults =>
        _dependencies ??= attempt.Dependencies.ToDictionary(pair => pair.Key, pair => Translate(pair.Value));

    /// <inheritdoc/>
    public override void Report(double progress, string? message = null)
    {
        if (!_ended)
            attempt.Report(double.IsNaN(progress) ? 0 : Math.Clamp(progress, 0, 1), message);
    }

    /// <inheritdoc/>
    public override void Log(string text)
    {
        if (!_ended)
            Log(attempt, text ?? "");
    }

    /// <inheritdoc/>
    public override bool Post(string name, JsonElement data)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return !_ended && data.ValueKind != JsonValueKind.Undefined && attempt.Post(name, data);
    }

    /// <inheritdoc/>
    public override bool Post(string name, object? data)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_ended)
            return false;
        try
        {
            return attempt.Post(name, json.ToElement(data, postLimit));
        }
        catch (TooLargeException)
        {
            return false;
        }
    }

    /// <summary>What is said from now on is dropped.</summary>
    public void End() => _ended = true;

    /// <summary>Adds lines to the log of a routine.</summary>
    public static void Log(AttemptContext attempt, string text)
    {
        var kept = text.Length <= TextLimit ? text : string.Concat(text.AsSpan(0, TextLimit), "…");
        attempt.Log(LogStream.Log, Encoding.UTF8.GetBytes(kept.EndsWith('\n') ? kept : kept + "\n"));
    }

    private static DependencyResult Translate(Engine.DependencyResult result) =>
        new(
            result.Task.Value,
            result.Outcome switch
            {
                TaskOutcome.Done => DependencyOutcome.Done,
                TaskOutcome.Failed => DependencyOutcome.Failed,
                TaskOutcome.Skipped => DependencyOutcome.Skipped,
                _ => DependencyOutcome.Stopped,
            },
            result.Data,
            result.Posted
        );
}
