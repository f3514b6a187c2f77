namespace AptTask.Host.Engine;

/// <summary>What one attempt added to the worklog of its task, as the output room writes it: opaque to the engine.</summary>
/// <param name="Content">Pieces one after the other; those of several attempts can be laid end to end.</param>
/// <param name="Length">How long the whole worklog is now, in bytes of text, kept or not.</param>
internal readonly record struct WorkLogTail(ReadOnlyMemory<byte> Content, long Length)
{
    /// <summary>Nothing was logged.</summary>
    public static WorkLogTail Empty => default;
}
