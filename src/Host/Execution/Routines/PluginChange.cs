namespace AptTask.Host.Execution.Routines;

/// <summary>What a reload made of one plugin.</summary>
/// <param name="Plugin">Its name.</param>
/// <param name="Kind">What was made of it.</param>
/// <param name="From">The short hash of the version before; null for none.</param>
/// <param name="To">The short hash of the version now; null for none.</param>
internal sealed record PluginChange(string Plugin, PluginChangeKind Kind, string? From, string? To);
