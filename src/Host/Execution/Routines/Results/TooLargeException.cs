namespace AptTask.Host.Execution.Routines.Results;

/// <summary>A value is longer as JSON than may be kept. Never leaves this room: it becomes the end of an attempt.</summary>
internal sealed class TooLargeException(int limit)
    : Exception($"The result is longer than the {limit} bytes that are kept of one.");
