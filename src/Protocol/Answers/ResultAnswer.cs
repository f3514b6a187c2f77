namespace AptTask.Protocol;

/// <summary>The result of a final task.</summary>
/// <param name="Result">What it left.</param>
public sealed record ResultAnswer(ResultView Result) : Answer;
