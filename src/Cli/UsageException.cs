namespace AptTask.Cli;

/// <summary>The command line says something that cannot be meant. The message says what is allowed.</summary>
internal sealed class UsageException(string message) : Exception(message);
