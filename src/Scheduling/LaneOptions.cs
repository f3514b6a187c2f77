using System.Collections.Immutable;

namespace AptTask.Scheduling;

/// <summary>A lane: how many places it has and who may use them.</summary>
/// <param name="Width">The number of places, 1 to <see cref="WidthLimit"/>.</param>
/// <param name="Fair">Places go round between groups by running work; else the order of tasks holds over all groups.</param>
/// <param name="Groups">Patterns of the groups that may use it (<c>*</c> stands for any run of characters); empty for all.</param>
public sealed record LaneOptions(int Width, bool Fair, ImmutableArray<string> Groups)
{
    /// <summary>The widest lane.</summary>
    public const int WidthLimit = 1024;
}
