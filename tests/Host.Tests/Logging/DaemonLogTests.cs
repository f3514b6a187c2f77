using System.Globalization;
using System.Text.Json;
using AptTask.Host.Configuration;
using AptTask.Host.Logging;
using Microsoft.Extensions.Logging;

namespace AptTask.Host.Tests.Logging;

/// <summary>The daemon's own log, in both formats and at both ends.</summary>
public sealed class DaemonLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aptask-log-").FullName;

    private string File => Path.Combine(_folder, "logs", "aptask.log");

    public static TheoryData<string> Hostile =>
        [
            "\n2026-01-01T00:00:00.000Z error Host: the disk is full",
            "\r\nsecond line\r",
            "\u001b[2J\u001b[31mred",
            "\u009b31m and \u0090 and \u0085 next line",
            "delete \u007f bell \a null \0",
            "right to left \u202e gpj.exe \u2066 isolate \u200f mark",
            "line \u2028 and paragraph \u2029",
            "lone \ud83d half",
            "zero\u200bwidth\ufeff and tag \U000e0041",
            """{"at":"2026-01-01T00:00:00.000Z","level":"error"}""",
        ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_users_text_forges_no_line_and_no_escape_in_any_format_at_either_end(string text)
    {
        foreach (var json in new[] { false, true })
        foreach (var (end, written) in WriteToBoth(json, text))
        {
            Assert.EndsWith("\n", written, StringComparison.Ordinal);
            var lines = written[..^1].Split('\n');
            Assert.Equal(2, lines.Count(line => line.StartsWith(json ? "{\"at\":\"" : "2", StringComparison.Ordinal)));
            Assert.All(lines, line => AssertHarmless(line, $"{end}, json: {json}"));
        }
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Json_gives_the_text_back_as_it_was(string text)
    {
        var (_, written) = WriteToBoth(json: true, text)[0];

        using var first = JsonDocument.Parse(written.Split('\n')[0]);
        // A half surrogate is not Unicode; all else survives.
        Assert.Equal(
            text.Replace('\ud83d', '\ufffd').Replace("\ufffd\ufffd", "\ufffd", StringComparison.Ordinal),
            first.RootElement.GetProperty("properties").GetProperty("Name").GetString()
        );
    }

    [Fact]
    public void Text_shows_what_it_escapes_and_a_backslash_as_two() =>
        Assert.Contains(
            @"Refused a\x1bb\x0ac\u202ed\\x1b.",
            WriteToBoth(json: false, "a\u001bb\nc\u202ed\\x1b")[0].Written,
            StringComparison.Ordinal
        );

    [Fact]
    public void Letters_of_all_languages_and_pictures_stay_as_they_are() =>
        Assert.Contains(
            "Refused Größe 测试 🚀.",
            WriteToBoth(json: false, "Größe 测试 🚀")[0].Written,
            StringComparison.Ordinal
        );

    [Fact]
    public void Every_line_of_an_exception_but_the_first_is_set_in()
    {
        var (_, written) = WriteToBoth(json: false, "x")[0];

        var exception = written.Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..];
        Assert.StartsWith("    System.InvalidOperationException: x", exception[0], StringComparison.Ordinal);
        Assert.Contains(exception, line => line.Contains("DaemonLogTests.Log", StringComparison.Ordinal));
        Assert.All(exception, line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void The_journal_reads_a_priority_before_every_line()
    {
        using var error = new StringWriter();
        using (var log = DaemonLog.Create(Options(console: true, file: false), error, forJournal: true))
            Log(log, "x");

        Assert.All(
            error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Matches("^<[34]>", line)
        );
    }

    [Fact]
    public void Only_what_is_serious_enough_is_written()
    {
        using var error = new StringWriter();
        using (var log = DaemonLog.Create(Options() with { Level = LogLevel.Error }, error, forJournal: false))
            Log(log, "x");

        Assert.DoesNotContain("Refused", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Failed", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_written_when_the_level_is_none()
    {
        using var error = new StringWriter();
        using (var log = DaemonLog.Create(Options() with { Level = LogLevel.None }, error, forJournal: false))
            Log(log, "x");

        Assert.Empty(error.ToString());
    }

    [Fact]
    public void The_file_rolls_when_it_is_full_and_only_as_many_as_asked_for_are_kept()
    {
        using (
            var log = DaemonLog.Create(Options() with { RollAt = 2_000, Keep = 2 }, TextWriter.Null, forJournal: false)
        )
        {
            for (var i = 0; i < 100; i++)
                log.Warning("A line of some length, number {Number}, so that the file grows.", i);
        }

        var files = Directory.GetFiles(Path.GetDirectoryName(File)!);
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 2_200));
    }

    [Fact]
    public void The_file_is_not_for_everyone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        DaemonLog.Create(Options(), TextWriter.Null, forJournal: false).Dispose();

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            OperatingSystem.IsWindows() ? UnixFileMode.None : System.IO.File.GetUnixFileMode(File)
        );
    }

    [Fact]
    public void A_daemon_that_cannot_write_its_log_says_so()
    {
        Directory.CreateDirectory(File);

        Assert.ThrowsAny<SystemException>(() => DaemonLog.Create(Options(), TextWriter.Null, forJournal: false));
    }

    [Fact]
    public void A_long_message_is_cut()
    {
        var (_, written) = WriteToBoth(json: false, new string('x', 3 * TextLine.MessageLimit))[0];

        Assert.All(written.Split('\n'), line => Assert.InRange(line.Length, 0, TextLine.MessageLimit + 400));
        Assert.Contains("more characters", written, StringComparison.Ordinal);
    }

    private LogOptions Options(bool json = false, bool console = true, bool file = true) =>
        new(file ? File : null, LogLevel.Information, json, console, 16 * 1024 * 1024, 5);

    /// <summary>Logs the text as a value, in an exception's message, and as the name of the source.</summary>
    private (string End, string Written)[] WriteToBoth(bool json, string text)
    {
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        using (var log = DaemonLog.Create(Options(json), error, forJournal: false))
            Log(log, text);
        var written = System.IO.File.ReadAllText(File);
        System.IO.File.Delete(File);
        return [("file", written), ("console", error.ToString())];
    }

    private static void Log(Serilog.ILogger log, string text)
    {
        var logger = log.ForContext(Serilog.Core.Constants.SourceContextPropertyName, "AptTask.Host.Sample" + text);
        logger.Warning("Refused {Name}.", text);
        try
        {
            throw new InvalidOperationException(text, new FormatException(text));
        }
        catch (InvalidOperationException exception)
        {
            logger.Error(
                exception,
                "Failed {@Detail}.",
                new
                {
                    Inner = text,
                    Number = 1.5,
                    List = new[] { text },
                }
            );
        }
    }

    private static void AssertHarmless(string line, string where)
    {
        foreach (var rune in line.EnumerateRunes())
        {
            var category = System.Text.Rune.GetUnicodeCategory(rune);
            Assert.False(
                category
                    is UnicodeCategory.Control
                        or UnicodeCategory.Format
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                    || rune == System.Text.Rune.ReplacementChar,
                $"U+{rune.Value:X4} in {where}: {line}"
            );
        }
    }
}
