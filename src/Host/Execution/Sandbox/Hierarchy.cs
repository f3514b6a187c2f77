using System.Collections.Immutable;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>A folder of groups of the kernel.</summary>
/// <param name="Folder">Its absolute path.</param>
/// <param name="Version">1 or 2: they call the same things by other names.</param>
/// <param name="Controllers">What is counted there.</param>
internal sealed record Hierarchy(string Folder, int Version, ImmutableArray<string> Controllers);
