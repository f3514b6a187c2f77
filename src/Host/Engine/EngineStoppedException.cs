namespace AptTask.Host.Engine;

/// <summary>The daemon is stopping and takes nothing more.</summary>
internal sealed class EngineStoppedException() : Exception("The daemon is shutting down.");
