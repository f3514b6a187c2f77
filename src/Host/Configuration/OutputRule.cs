namespace AptTask.Host.Configuration;

/// <summary>The tables <c>stdout</c> and <c>stderr</c> of a command.</summary>
/// <param name="Max">The most bytes that are kept.</param>
/// <param name="Kill">More ends the command; else the rest is read and dropped.</param>
/// <param name="Form">How it becomes data; of no meaning for standard error.</param>
internal sealed record OutputRule(long Max, bool Kill, OutputForm Form);
