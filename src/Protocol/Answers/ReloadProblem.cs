namespace AptTask.Protocol;

/// <summary>One thing that a reload refused.</summary>
/// <param name="Source">The file or plugin.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Line">Where in the file, from 1.</param>
/// <param name="Column">Where in the line, from 1.</param>
public sealed record ReloadProblem(string Source, string Message, int? Line = null, int? Column = null);
