namespace AptTask.Host.Engine;

/// <summary>The worklog of a task as it is stored: opaque to the engine.</summary>
/// <param name="Content">What the output room wrote; empty when nothing was logged.</param>
internal readonly record struct WorkLogTail(ReadOnlyMemory<byte> Content)
{
    /// <summary>Nothing was logged.</summary>
    public static WorkLogTail Empty => default;
}
