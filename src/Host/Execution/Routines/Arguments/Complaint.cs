namespace AptTask.Host.Execution.Routines.Arguments;

/// <summary>What a value should have been.</summary>
/// <param name="Path">Where inside the argument: empty, <c>[2]</c>, <c>.width</c>, <c>.boxes[0].width</c>.</param>
/// <param name="Wanted">Completes "must be …".</param>
internal sealed record Complaint(string Path, string Wanted)
{
    /// <summary>The same complaint, seen from outside.</summary>
    public Complaint Below(string step) => new(step + Path, Wanted);
}
