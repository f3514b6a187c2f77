namespace AptTask.Protocol;

/// <summary>A request about one task. The reader lets exactly one of the two names through, or none where the request allows that.</summary>
public interface INamesTask
{
    /// <summary>The task's number.</summary>
    long? TaskId { get; }

    /// <summary>The client's name for it.</summary>
    string? JobId { get; }
}
