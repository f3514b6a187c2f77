namespace AptTask.Host.Execution.Workers;

/// <summary>A worker process could not be started or has died. The message says which and why, for people.</summary>
internal sealed class WorkerFailedException(string message) : Exception(message);
