using System.Collections.Immutable;
using AptTask.Scheduling;

namespace AptTask.Host.Engine;

/// <summary>What became of a submission.</summary>
internal abstract record SubmitOutcome
{
    private SubmitOutcome() { }

    /// <summary>It was taken whole.</summary>
    /// <param name="Tasks">One for each submitted task, in their order.</param>
    public sealed record Accepted(ImmutableArray<AcceptedTask> Tasks) : SubmitOutcome;

    /// <summary>Nothing of it was taken.</summary>
    /// <param name="Refusal">Why.</param>
    public sealed record Refused(Refusal Refusal) : SubmitOutcome;
}
