namespace AptTask.Protocol;

/// <summary>Events follow from here on, without gaps.</summary>
/// <param name="Seq">The sequence number of the group's newest event so far.</param>
public sealed record WatchAnswer(long Seq) : Answer;
