using System.Text.Json;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>What a dependant may see of a job that it waited for. Parsed when first looked at.</summary>
/// <param name="task">The job's task.</param>
/// <param name="outcome">How it ended.</param>
/// <param name="data">What it returned, as JSON; empty for nothing.</param>
/// <param name="posted">What it posted, by name, as JSON.</param>
internal sealed class DependencyResult(
    TaskId task,
    TaskOutcome outcome,
    ReadOnlyMemory<byte> data,
    IReadOnlyList<(string Name, byte[] Data)> posted
)
{
    private readonly Lazy<JsonElement> _data = new(() => data.IsEmpty ? default : Parse(data));
    private readonly Lazy<IReadOnlyDictionary<string, JsonElement>> _posted = new(() =>
        posted.ToDictionary(entry => entry.Name, entry => Parse(entry.Data))
    );

    /// <summary>The job's task.</summary>
    public TaskId Task { get; } = task;

    /// <summary>How it ended.</summary>
    public TaskOutcome Outcome { get; } = outcome;

    /// <summary>What it returned; undefined if nothing is kept.</summary>
    public JsonElement Data => _data.Value;

    /// <summary>What it posted, by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Posted => _posted.Value;

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
