using AptTask.Host.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Sinks.File;

namespace AptTask.Host.Logging;

/// <summary>
/// The daemon's own log, as <c>[log]</c> says: to a file that rolls, to standard error, or both. It never carries arguments or
/// output of tasks; those are in worklogs. Standard output belongs to answers, so nothing is logged there.
/// </summary>
internal static class DaemonLog
{
    /// <summary>Makes the log.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static Logger Create(LogOptions options) =>
        // systemd sets JOURNAL_STREAM when standard error is its journal.
        Create(options, Console.Error, Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null);

    /// <summary>Makes the log, with another writer in the place of standard error.</summary>
    public static Logger Create(LogOptions options, TextWriter error, bool forJournal)
    {
        var configuration = new LoggerConfiguration();
        configuration.MinimumLevel.Is(LevelOf(options.Level));
        // What the web server says of each connection at this level is of no use to the administrator of a task daemon.
        if (options.Level is LogLevel.Information)
            configuration.MinimumLevel.Override("Microsoft", LogEventLevel.Warning);
        if (options.File is { } file)
            AddFile(configuration, file, options);
        if (options.Console)
            configuration.WriteTo.Sink(new WriterSink(error, LineOf(options, forJournal)));
        return configuration.CreateLogger();
    }

    private static void AddFile(LoggerConfiguration configuration, string file, LogOptions options)
    {
        // Serilog would report a file that cannot be written to itself alone. A daemon without its log is to say so and stop.
        if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        using (File.Open(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
            HideFromOthers(file);

        configuration.WriteTo.File(
            LineOf(options, forJournal: false),
            file,
            fileSizeLimitBytes: options.RollAt,
            rollOnFileSizeLimit: true,
            // Serilog counts the file that is being written.
            retainedFileCountLimit: options.Keep + 1,
            hooks: new ReadableByGroup()
        );
    }

    private static ITextFormatter LineOf(LogOptions options, bool forJournal) =>
        options.Json ? new JsonLine() : new TextLine(forJournal);

    private static LogEventLevel LevelOf(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => LogEventLevel.Verbose,
            LogLevel.Debug => LogEventLevel.Debug,
            LogLevel.Information => LogEventLevel.Information,
            LogLevel.Warning => LogEventLevel.Warning,
            LogLevel.Error => LogEventLevel.Error,
            LogLevel.Critical => LogEventLevel.Fatal,
            _ => LevelAlias.Off,
        };

    // The log names groups, routines and paths, which is nothing for those who have no business with the daemon.
    private static void HideFromOthers(string file)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
    }

    private sealed class ReadableByGroup : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, System.Text.Encoding encoding)
        {
            HideFromOthers(path);
            return underlyingStream;
        }
    }

    /// <summary>Writes each event whole, in one piece, so that lines of several threads do not mix.</summary>
    private sealed class WriterSink(TextWriter output, ITextFormatter formatter) : ILogEventSink
    {
        private readonly Lock _lock = new();

        public void Emit(LogEvent logEvent)
        {
            using var line = new StringWriter();
            formatter.Format(logEvent, line);
            lock (_lock)
            {
                output.Write(line.ToString());
                output.Flush();
            }
        }
    }
}
