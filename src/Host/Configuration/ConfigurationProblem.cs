namespace AptTask.Host.Configuration;

/// <summary>Something that is wrong in a file, in the environment or on the command line.</summary>
/// <param name="File">Which file; <c>--set</c> or the name of a variable for the others.</param>
/// <param name="Line">From 1; 0 when it is about the file as a whole.</param>
/// <param name="Column">From 1; 0 when it is about the line or file as a whole.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
/// <param name="Suggestion">What to do; null when the message says it.</param>
internal sealed record ConfigurationProblem(
    string File,
    int Line,
    int Column,
    string Message,
    string? Suggestion = null
)
{
    /// <inheritdoc/>
    public override string ToString() =>
        (Line, Column) switch
        {
            (0, _) => File,
            (_, 0) => $"{File}:{Line}",
            _ => $"{File}:{Line}:{Column}",
        }
        + $": {Message}"
        + (Suggestion is null ? "" : $" {Suggestion}");
}
