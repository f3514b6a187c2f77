namespace AptTask.TestKit;

/// <summary>One line of a transcript.</summary>
/// <param name="LineNumber">Where it stands in its file.</param>
/// <param name="Side">Who says it.</param>
/// <param name="Text">What is said, placeholders included.</param>
public sealed record TranscriptStep(int LineNumber, TranscriptSide Side, string Text);
