namespace AptTask.Protocol;

/// <summary>The daemon is ending.</summary>
/// <param name="Running">How many attempts still run.</param>
public sealed record ShutdownAnswer(int Running) : Answer;
