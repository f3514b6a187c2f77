namespace AptTask.Protocol;

/// <summary>One task whole.</summary>
/// <param name="Task">The task.</param>
public sealed record StatusAnswer(TaskView Task) : Answer;
