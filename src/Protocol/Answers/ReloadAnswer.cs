namespace AptTask.Protocol;

/// <summary>What a reload took in. Nothing of it touched a running task.</summary>
public sealed record ReloadAnswer : Answer
{
    /// <summary>What is new, changed or gone, in the order of the kinds.</summary>
    public required IReadOnlyList<ReloadChange> Changes { get; init; }

    /// <summary>What was refused and why; the old stays in force for it.</summary>
    public required IReadOnlyList<ReloadProblem> Refused { get; init; }

    /// <summary>Old plugin code that is still in use.</summary>
    public required IReadOnlyList<RetiredPlugin> InUse { get; init; }
}
