namespace AptTask.Protocol;

/// <summary>Everything that ran has been ended by force.</summary>
/// <param name="Tasks">How many running attempts were ended.</param>
/// <param name="Workers">How many workers were ended.</param>
public sealed record KillAnswer(int Tasks, int Workers) : Answer;
