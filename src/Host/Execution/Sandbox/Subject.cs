namespace AptTask.Host.Execution.Sandbox;

/// <summary>A user to run as.</summary>
/// <param name="Name">For people.</param>
/// <param name="Uid">The user's number.</param>
/// <param name="Gid">The number of its own group.</param>
internal sealed record Subject(string Name, uint Uid, uint Gid);
