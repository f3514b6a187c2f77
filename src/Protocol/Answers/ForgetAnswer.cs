namespace AptTask.Protocol;

/// <summary>Kept results were dropped.</summary>
/// <param name="Forgotten">How many.</param>
public sealed record ForgetAnswer(long Forgotten) : Answer;
