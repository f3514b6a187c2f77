using System.Collections.Immutable;

namespace AptTask.Host.Engine;

/// <summary>Some tasks, and where to go on.</summary>
/// <param name="Tasks">By id.</param>
/// <param name="Next">The cursor for the next page; null when this was the last.</param>
internal sealed record TaskPage(ImmutableArray<TaskSnapshot> Tasks, long? Next);
