namespace AptTask.Scheduling;

/// <summary>The name of a lane.</summary>
/// <param name="Value">Not empty; compared ordinally.</param>
public readonly record struct LaneName(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
