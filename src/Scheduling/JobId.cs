namespace AptTask.Scheduling;

/// <summary>The client's own name for a task, unique among the live tasks and kept results of its group.</summary>
/// <param name="Value">Not empty; compared ordinally.</param>
public readonly record struct JobId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
