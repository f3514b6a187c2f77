namespace AptTask.Scheduling;

/// <summary>
/// Names one attempt of one task for good. Tokens only grow, also over restarts (the owner's epoch is in the upper
/// bits), so a late end of an earlier attempt can be told from the end of the one that runs.
/// </summary>
/// <param name="Value">Positive and growing.</param>
public readonly record struct AttemptToken(long Value)
{
    /// <summary>How many low bits count attempts within one epoch of the owner.</summary>
    public const int CounterBits = 40;

    /// <summary>The last token before the first of an epoch.</summary>
    public static AttemptToken BeforeFirstOf(long epoch) => new(epoch << CounterBits);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
