namespace TextStats;

/// <summary>How often a word stands there.</summary>
/// <param name="Word">The word, in lower case.</param>
/// <param name="Count">How often.</param>
public sealed record WordCount(string Word, long Count);
