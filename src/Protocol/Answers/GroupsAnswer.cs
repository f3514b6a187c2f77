namespace AptTask.Protocol;

/// <summary>The groups.</summary>
/// <param name="Groups">By name.</param>
public sealed record GroupsAnswer(IReadOnlyList<GroupRow> Groups) : Answer;
