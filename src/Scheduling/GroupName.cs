namespace AptTask.Scheduling;

/// <summary>The name space of one application or user. Job ids and dependencies never cross groups.</summary>
/// <param name="Value">Not empty; compared ordinally.</param>
public readonly record struct GroupName(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
