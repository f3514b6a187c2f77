namespace AptTask.Host.Engine;

/// <summary>What the scheduler must not know of a task: what runs, with which checked arguments, and for whom.</summary>
/// <param name="Routine">The name of the routine; looked up again before each attempt.</param>
/// <param name="Arguments">A JSON object by name, UTF-8; bound again before each attempt.</param>
/// <param name="Key">The public id of the key that asked; its rights are checked again before each attempt.</param>
/// <param name="Role">The role that asked where no key was needed.</param>
/// <param name="Keep">How long the result is kept.</param>
internal sealed record WorkOrder(string Routine, byte[] Arguments, string? Key, Role Role, KeepRule Keep);
