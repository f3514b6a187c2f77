using System.Collections.Immutable;

namespace AptTask.Host.Configuration;

/// <summary>One entry of <c>[lanes]</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Width">The number of places; the number of cores already stands here where the file says 0.</param>
/// <param name="Fair">Places go round between groups.</param>
/// <param name="Groups">Patterns of the groups that may use it; empty for all.</param>
internal sealed record LaneEntry(string Name, int Width, bool Fair, ImmutableArray<string> Groups)
{
    /// <summary>The lane that always is.</summary>
    public const string Default = "default";
}
