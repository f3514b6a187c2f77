namespace AptTask.Protocol;

/// <summary>One page of tasks, the newest first.</summary>
/// <param name="Tasks">The rows; without arguments and results.</param>
/// <param name="Cursor">Give it back for the next page; null on the last one.</param>
public sealed record TasksAnswer(IReadOnlyList<TaskView> Tasks, string? Cursor = null) : Answer;
