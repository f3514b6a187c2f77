namespace AptTask.Host.Store;

/// <summary>Another daemon owns the database.</summary>
internal sealed class StoreInUseException(string message, Exception inner) : Exception(message, inner);
