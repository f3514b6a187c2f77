using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace AptTask.Host.Logging;

/// <summary>
/// Writes an event as a line that begins with its time. The frames of an exception follow on lines that begin with
/// <see cref="Continuation"/>; what is of the user's making, messages included, stays on one line.
/// </summary>
/// <param name="forJournal">
/// Begins the line with the priority in angle brackets, as the systemd journal reads it from a service's standard error.
/// </param>
internal sealed class TextLine(bool forJournal) : ITextFormatter
{
    /// <summary>A longer message is cut; the log is no place for a task's output.</summary>
    public const int MessageLimit = 16 * 1024;

    private const int SourceLimit = 200;
    private const string Continuation = "    ";
    private const string OwnNames = "AptTask.";

    private static readonly MessageTemplateTextFormatter Message = new("{Message:lj}", CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        Begin(logEvent, output);
        output.Write(logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        output.Write(' ');
        output.Write(NameOf(logEvent.Level));
        output.Write(' ');
        Printable.Write(output, SourceOf(logEvent));
        output.Write(": ");
        Printable.Write(output, Cut(MessageOf(logEvent)));
        output.Write('\n');

        for (var exception = logEvent.Exception; exception is not null; exception = exception.InnerException)
            WriteException(exception, logEvent, output);
    }

    private void WriteException(Exception exception, LogEvent logEvent, TextWriter output)
    {
        Begin(logEvent, output);
        output.Write(Continuation);
        Printable.Write(output, Cut($"{exception.GetType().FullName}: {exception.Message}"));
        output.Write('\n');
        foreach (var frame in (exception.StackTrace ?? "").EnumerateLines())
        {
            if (frame.IsEmpty)
                continue;
            Begin(logEvent, output);
            output.Write(Continuation);
            Printable.Write(output, frame);
            output.Write('\n');
        }
    }

    private void Begin(LogEvent logEvent, TextWriter output)
    {
        if (forJournal)
            output.Write($"<{PriorityOf(logEvent.Level)}>");
    }

    private static string MessageOf(LogEvent logEvent)
    {
        using var message = new StringWriter(CultureInfo.InvariantCulture);
        Message.Format(logEvent, message);
        return message.ToString();
    }

    public static ReadOnlySpan<char> Cut(string text) =>
        text.Length <= MessageLimit
            ? text
            : $"{text.AsSpan(0, MessageLimit)} … ({text.Length - MessageLimit} more characters)";

    private static string SourceOf(LogEvent logEvent)
    {
        var source =
            logEvent.Properties.TryGetValue("SourceContext", out var value)
            && value is ScalarValue { Value: string given }
                ? given
                : "aptaskd";
        var name = source.StartsWith(OwnNames, StringComparison.Ordinal) ? source[OwnNames.Length..] : source;
        return name.Length <= SourceLimit ? name : name[..SourceLimit];
    }

    private static string NameOf(LogEventLevel level) =>
        level switch
        {
            LogEventLevel.Verbose => "trace",
            LogEventLevel.Debug => "debug",
            LogEventLevel.Information => "info ",
            LogEventLevel.Warning => "warn ",
            LogEventLevel.Error => "error",
            _ => "fatal",
        };

    // syslog(3): 2 critical, 3 error, 4 warning, 6 informational, 7 debug.
    private static int PriorityOf(LogEventLevel level) =>
        level switch
        {
            LogEventLevel.Verbose or LogEventLevel.Debug => 7,
            LogEventLevel.Information => 6,
            LogEventLevel.Warning => 4,
            LogEventLevel.Error => 3,
            _ => 2,
        };
}
