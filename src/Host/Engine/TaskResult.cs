namespace AptTask.Host.Engine;

/// <summary>What a finished task left.</summary>
/// <param name="Task">The task itself.</param>
/// <param name="Data">What it returned: JSON, empty for nothing.</param>
/// <param name="Posted">What it posted, by name: JSON.</param>
/// <param name="WorkLog">Its worklog as stored.</param>
/// <param name="Usage">What it used.</param>
internal sealed record TaskResult(
    TaskSnapshot Task,
    ReadOnlyMemory<byte> Data,
    IReadOnlyList<(string Name, byte[] Data)> Posted,
    ReadOnlyMemory<byte> WorkLog,
    AttemptUsage? Usage
);
