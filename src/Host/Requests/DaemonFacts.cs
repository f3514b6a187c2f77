namespace AptTask.Host.Requests;

/// <summary>What an administrator is told of the daemon besides the tasks.</summary>
/// <param name="Version">Its version.</param>
/// <param name="StorePath">The database file; null when it is in memory.</param>
/// <param name="Durability">What a commit outlives.</param>
/// <param name="Connections">How many sessions are open.</param>
internal sealed record DaemonFacts(string Version, string? StorePath, string Durability, Func<int> Connections);
