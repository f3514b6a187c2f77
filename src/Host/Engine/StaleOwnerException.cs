namespace AptTask.Host.Engine;

/// <summary>This daemon no longer owns what it wanted to write.</summary>
internal sealed class StaleOwnerException(string message) : Exception(message);
