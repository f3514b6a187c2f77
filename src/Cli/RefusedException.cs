namespace AptTask.Cli;

/// <summary>The daemon refused, and its answer has been printed already.</summary>
internal sealed class RefusedException() : Exception("The daemon refused the request.");
