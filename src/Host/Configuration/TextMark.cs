namespace AptTask.Host.Configuration;

/// <summary>A place in a file, or a setting from elsewhere.</summary>
/// <param name="File">The file; <c>--set</c> or the name of a variable for the others.</param>
/// <param name="Line">From 1; 0 for the whole.</param>
/// <param name="Column">From 1; 0 for the whole line.</param>
internal readonly record struct TextMark(string File, int Line, int Column);
