using System.CommandLine;
using System.Globalization;

namespace AptTask.Cli;

/// <summary>How people name a task: by its number, or by its job id; <c>job:7</c> is the job id 7.</summary>
/// <param name="TaskId">The number.</param>
/// <param name="JobId">The job id.</param>
internal readonly record struct TaskName(long? TaskId, string? JobId)
{
    private const string JobPrefix = "job:";

    /// <summary>Reads a name.</summary>
    public static TaskName Parse(string text)
    {
        if (text.StartsWith(JobPrefix, StringComparison.Ordinal) && text.Length > JobPrefix.Length)
            return new TaskName(null, text[JobPrefix.Length..]);
        if (!text.All(char.IsAsciiDigit))
            return new TaskName(null, text);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new TaskName(number, null)
            : throw new UsageException(
                $"\"{text}\" is no task: a number from 1, or a job id (job:{text} if that is one)."
            );
    }

    /// <summary>An argument for one task.</summary>
    public static Argument<string> Argument() =>
        new("task") { Description = "The task's number or job id (job:ID if it is all digits)." };

    /// <summary>An argument for several tasks.</summary>
    public static Argument<string[]> Arguments() =>
        new("task")
        {
            Description = "Numbers or job ids of tasks (job:ID if it is all digits).",
            Arity = ArgumentArity.OneOrMore,
        };
}
