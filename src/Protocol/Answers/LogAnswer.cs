using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>A part of a worklog. With <c>follow</c>, events with the rest come after it.</summary>
/// <param name="TaskId">Whose.</param>
/// <param name="Entries">In order.</param>
/// <param name="NextOffset">Where to read on.</param>
/// <param name="Complete">The task is final and this is the end: nothing will come after it.</param>
public sealed record LogAnswer(
    [property: JsonPropertyName("taskid")] long TaskId,
    IReadOnlyList<LogEntry> Entries,
    long NextOffset,
    bool Complete
) : Answer
{
    /// <summary>How many bytes were not kept because there were too many.</summary>
    public long? LostBytes { get; init; }
}
