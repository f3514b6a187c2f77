using System.Text.Json;
using AptTask.Host.Configuration;
using AptTask.Host.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AptTask.Host.Tests.Logging;

/// <summary>The file that says who did what.</summary>
public sealed class AuditLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aptask-audit-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private string File => Path.Combine(_folder, "var", "audit.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_entry_says_when_who_what_and_what_came_of_it()
    {
        using (var log = Open())
            log.Write(
                new AuditEntry("start", AuditEntry.Allowed)
                {
                    Peer = "127.0.0.1",
                    Key = "web",
                    Group = "site/one",
                    Routine = "thumbnail",
                    Arguments = JsonSerializer.Deserialize<JsonElement>("""{"source":"a.png"}"""),
                    Taskid = 17,
                    Jobid = "thumb-a",
                }
            );

        Assert.Equal(
            """{"at":"2026-03-01T12:00:00.000Z","action":"start","decision":"allowed","peer":"127.0.0.1","key":"web","group":"site/one","routine":"thumbnail","arguments":{"source":"a.png"},"taskid":17,"jobid":"thumb-a"}"""
                + "\n",
            System.IO.File.ReadAllText(File)
        );
    }

    [Fact]
    public void An_entry_is_in_the_file_when_the_call_returns()
    {
        using var log = Open();
        log.Write(new AuditEntry("stop", "not_found"));

        Assert.Contains("not_found", ReadShared(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(DaemonLogTests.Hostile), MemberType = typeof(DaemonLogTests))]
    public void A_users_text_stays_on_its_line_and_comes_back_as_it_was(string text)
    {
        using (var log = Open())
        {
            log.Write(
                new AuditEntry("start", "not_allowed")
                {
                    Routine = text,
                    Jobid = text,
                    Reason = text,
                }
            );
            log.Write(new AuditEntry("start", AuditEntry.Allowed));
        }

        var lines = System.IO.File.ReadAllText(File).Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.DoesNotContain(line, character => character is < ' ' or > '~'));
        using var entry = JsonDocument.Parse(lines[0]);
        Assert.Equal(
            text.Replace("\ud83d", "\ufffd", StringComparison.Ordinal),
            entry.RootElement.GetProperty("routine").GetString()?.Replace("\ud83d", "\ufffd", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_later_run_goes_on_behind_the_earlier_one()
    {
        using (var log = Open())
            log.Write(new AuditEntry("start", AuditEntry.Allowed));
        using (var log = Open())
            log.Write(new AuditEntry("stop", AuditEntry.Allowed));

        Assert.Equal(["start", "stop"], Entries().Select(entry => entry.GetProperty("action").GetString()));
    }

    [Fact]
    public void A_line_that_a_crash_cut_off_does_not_swallow_the_next()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, """{"at":"2026-03-01T11""");

        using (var log = Open())
            log.Write(new AuditEntry("stop", AuditEntry.Allowed));

        Assert.Equal(
            ["""{"at":"2026-03-01T11""", """{"at":"2026-03-01T12:00:00.000Z","action":"stop","decision":"allowed"}"""],
            System.IO.File.ReadLines(File)
        );
    }

    [Fact]
    public void Only_the_daemons_user_can_read_it_also_when_it_was_there_before()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, "");
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(
                File,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead
            );

        Open().Dispose();

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            OperatingSystem.IsWindows() ? UnixFileMode.None : System.IO.File.GetUnixFileMode(File)
        );
    }

    [Fact]
    public void It_goes_on_in_a_new_file_after_the_old_one_was_moved_away()
    {
        using (var log = Open())
        {
            log.Write(new AuditEntry("start", AuditEntry.Allowed));
            System.IO.File.Move(File, File + ".1");
            log.Reopen();
            log.Write(new AuditEntry("stop", AuditEntry.Allowed));
        }

        Assert.Equal("stop", Assert.Single(Entries()).GetProperty("action").GetString());
    }

    [Fact]
    public async Task Entries_of_many_threads_do_not_mix()
    {
        using (var log = Open())
        {
            await Task.WhenAll(
                Enumerable
                    .Range(0, 8)
                    .Select(number =>
                        Task.Run(() =>
                        {
                            for (var i = 0; i < 200; i++)
                                log.Write(
                                    new AuditEntry("start", AuditEntry.Allowed)
                                    {
                                        Taskid = number,
                                        Reason = new string('x', i),
                                    }
                                );
                        })
                    )
            );
        }

        Assert.Equal(1_600, Entries().Count);
    }

    [Fact]
    public void Without_a_file_nothing_is_kept()
    {
        using var log = new AuditLog(new AuditOptions(null, Sync: false), _time);
        log.Write(new AuditEntry("start", AuditEntry.Allowed));

        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    private AuditLog Open() => new(new AuditOptions(File, Sync: true), _time);

    private string ReadShared()
    {
        using var reader = new StreamReader(
            System.IO.File.Open(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
        );
        return reader.ReadToEnd();
    }

    private List<JsonElement> Entries() =>
        [.. System.IO.File.ReadLines(File).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
}
