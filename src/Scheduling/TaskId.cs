namespace AptTask.Scheduling;

/// <summary>The number of a task: positive, never used twice, also not after a restart.</summary>
/// <param name="Value">1 or more; grows with each accepted task of the daemon.</param>
public readonly record struct TaskId(long Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
