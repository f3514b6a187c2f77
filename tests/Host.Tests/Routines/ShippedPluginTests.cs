using System.IO.Compression;
using System.Text.Json;
using AptTask.Host.Engine;
using AptTask.Scheduling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AptTask.Host.Tests.Routines;

public sealed class ShippedPluginTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DropFolder _folder = new("textstats", "files", "http", "demo", "crash");
    private readonly string _texts = Directory.CreateTempSubdirectory("aptask-texts-").FullName;

    public ShippedPluginTests()
    {
        Assert.Empty(_folder.Load().Problems);
    }

    public void Dispose()
    {
        Directory.Delete(_texts, recursive: true);
        _folder.Dispose();
    }

    [Fact]
    public void Every_shipped_routine_and_argument_has_a_help_text() =>
        Assert.All(
            _folder.Current.Routines,
            routine =>
            {
                Assert.NotEmpty(routine.Descriptor.Help);
                Assert.All(routine.Descriptor.Parameters, parameter => Assert.NotEmpty(parameter.Help ?? ""));
            }
        );

    [Fact]
    public async Task Words_lines_and_characters_are_counted()
    {
        await File.WriteAllTextAsync(At("a.txt"), "one two\nThree can't\n");
        await File.WriteAllTextAsync(At("b.txt"), "ünï one");
        await File.WriteAllTextAsync(At("c.bin"), "not a text");

        var counted = await RunAsync("textstats.count", new { paths = new[] { _texts }, pattern = "*.txt" });
        Assert.Equal(
            (3, 6, 27, 29),
            (
                Number(counted, "lines"),
                Number(counted, "words"),
                Number(counted, "characters"),
                Number(counted, "bytes")
            )
        );
        Assert.Equal(2, counted.GetProperty("files").GetArrayLength());
    }

    [Fact]
    public async Task The_most_frequent_words_come_first_upper_and_lower_case_being_one()
    {
        await File.WriteAllTextAsync(At("a.txt"), "The the THE cat Cat a a a a it's");
        var frequent = await RunAsync(
            "textstats.frequent",
            new
            {
                paths = new[] { At("a.txt") },
                top = 2,
                min_length = 2,
            }
        );
        Assert.Equal("""[{"word":"the","count":3},{"word":"cat","count":2}]""", frequent.GetRawText());
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        var end = await _folder.RunAsync("textstats.count", """{"paths": ["/no/such/file"]}""").WaitAsync(Patience);
        Assert.StartsWith("There is no file or folder '/no/such/file'", end.Message);
    }

    [Fact]
    public async Task Checksums_are_those_of_the_standard()
    {
        await File.WriteAllTextAsync(At("abc"), "abc");
        foreach (
            var (algorithm, sum) in new[]
            {
                ("md5", "900150983cd24fb0d6963f7d28e17f72"),
                ("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            }
        )
        {
            var sums = await RunAsync("files.checksum", new { paths = new[] { At("abc") }, algorithm });
            Assert.Equal(sum, sums[0].GetProperty("sum").GetString());
        }
    }

    [Theory]
    [InlineData("out.zip")]
    [InlineData("out.tar")]
    [InlineData("out.tar.gz")]
    public async Task A_folder_is_packed_and_comes_out_as_it_was(string name)
    {
        Directory.CreateDirectory(At("in/deep"));
        await File.WriteAllTextAsync(At("in/a.txt"), "first");
        await File.WriteAllTextAsync(At("in/deep/b.txt"), "second");
        var packed = await RunAsync("files.archive", new { source = At("in"), target = At(name) });
        Assert.Equal(2, Number(packed, "files"));

        Directory.CreateDirectory(At("out"));
        await UnpackAsync(At(name), At("out"));
        Assert.Equal("first", await File.ReadAllTextAsync(At("out/a.txt")));
        Assert.Equal("second", await File.ReadAllTextAsync(At("out/deep/b.txt")));
        Assert.False(File.Exists(At(name + ".part")));
    }

    [Fact]
    public async Task An_archive_that_is_there_already_is_not_touched()
    {
        await File.WriteAllTextAsync(At("old.zip"), "old");
        var arguments = JsonSerializer.Serialize(new { source = _texts, target = At("old.zip") });
        var end = await _folder.RunAsync("files.archive", arguments).WaitAsync(Patience);
        Assert.Equal(new AttemptOutcome.Failed(FailureReason.Exception, Retryable: false), end.Outcome);
        Assert.Equal("old", await File.ReadAllTextAsync(At("old.zip")));
    }

    [Fact]
    public async Task Files_with_the_same_content_are_found_and_those_of_the_same_length_are_not_enough()
    {
        Directory.CreateDirectory(At("deep"));
        await File.WriteAllTextAsync(At("a"), "same");
        await File.WriteAllTextAsync(At("deep/b"), "same");
        await File.WriteAllTextAsync(At("c"), "othe");
        await File.WriteAllTextAsync(At("d"), "");
        await File.WriteAllTextAsync(At("e"), "");

        var found = await RunAsync("files.duplicates", new { folder = _texts });
        Assert.Equal(4, Number(found, "wasted"));
        Assert.Equal(
            [At("a"), At("deep/b")],
            found.GetProperty("sets")[0].GetProperty("paths").EnumerateArray().Select(path => path.GetString())
        );
        Assert.Equal(1, found.GetProperty("sets").GetArrayLength());
    }

    [Fact]
    public async Task A_URL_is_fetched_checked_and_kept()
    {
        await using var site = await SiteAsync();
        var fetched = await RunAsync("http.fetch", new { url = site.Urls.Single() + "/hello" });
        Assert.Equal(
            (200, 5, "hello"),
            (Number(fetched, "status"), Number(fetched, "bytes"), fetched.GetProperty("text").GetString())
        );

        await RunAsync("http.fetch", new { url = site.Urls.Single() + "/hello", save_as = At("kept.txt") });
        Assert.Equal("hello", await File.ReadAllTextAsync(At("kept.txt")));
        Assert.False(File.Exists(At("kept.txt.part")));

        Assert.Equal(200, Number(await RunAsync("http.check", new { url = site.Urls.Single() + "/hello" }), "status"));
        Assert.Equal(
            404,
            Number(await RunAsync("http.check", new { url = site.Urls.Single() + "/gone", status = 404 }), "status")
        );
    }

    [Theory]
    [InlineData("/gone", "{}", "answered 404 NotFound", false)]
    [InlineData("/busy", "{}", "answered 503 ServiceUnavailable", true)]
    [InlineData("/endless", "{\"max_bytes\": 1000}", "longer than 1000 bytes", false)]
    [InlineData("/silent", "{\"timeout\": 0.2}", "was not fetched within 0.2 seconds", true)]
    public async Task A_fetch_that_fails_says_why_and_whether_to_try_again(
        string path,
        string more,
        string message,
        bool retryable
    )
    {
        await using var site = await SiteAsync();
        var arguments = JsonSerializer.Deserialize<Dictionary<string, object>>(more)!;
        arguments["url"] = site.Urls.Single() + path;
        var end = await _folder.RunAsync("http.fetch", JsonSerializer.Serialize(arguments)).WaitAsync(Patience);

        Assert.Equal(new AttemptOutcome.Failed(FailureReason.Exception, retryable), end.Outcome);
        Assert.Contains(message, end.Message);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org/")]
    [InlineData("http://user:word@127.0.0.1/")]
    public async Task Only_plain_http_and_https_are_fetched(string url)
    {
        var end = await _folder.RunAsync("http.fetch", JsonSerializer.Serialize(new { url })).WaitAsync(Patience);
        Assert.Equal(new AttemptOutcome.Failed(FailureReason.Exception, Retryable: false), end.Outcome);
    }

    [Fact]
    public async Task A_fetch_ends_at_once_when_it_is_stopped()
    {
        await using var site = await SiteAsync();
        using var attempt = RecordingAttempt.With(
            JsonSerializer.Serialize(new { url = site.Urls.Single() + "/silent" })
        );
        var run = _folder.Routine("http.fetch").RunAsync(attempt);
        attempt.AskToStop();
        Assert.IsType<AttemptOutcome.Stopped>((await run.WaitAsync(Patience)).Outcome);
    }

    [Theory]
    [InlineData("""{"a": [1, null, "x"]}""")]
    [InlineData("null")]
    [InlineData("1e3")]
    public async Task Echo_gives_back_what_it_was_given(string value) =>
        Assert.Equal(
            JsonElement.Parse(value).GetRawText().Replace(" ", "", StringComparison.Ordinal),
            await _folder.DataOfAsync("demo.echo", $$"""{"value": {{value}} }""")
        );

    [Fact]
    public async Task Countdown_goes_step_by_step()
    {
        using var attempt = RecordingAttempt.With("""{"from":3}""");
        var end = await _folder.Routine("demo.countdown").RunAsync(attempt).WaitAsync(Patience);
        Assert.Equal(["2 to go", "1 to go", "Zero."], attempt.Reports.Select(report => report.Message));
        Assert.Equal("Zero.", end.Message);
    }

    [Fact]
    public async Task A_countdown_can_be_stopped_on_its_way()
    {
        using var attempt = RecordingAttempt.With("""{"from":1000,"pause":0.005}""");
        var run = _folder.Routine("demo.countdown").RunAsync(attempt);
        await attempt.Begun.WaitAsync(Patience);
        attempt.AskToStop();
        Assert.IsType<AttemptOutcome.Stopped>((await run.WaitAsync(Patience)).Outcome);
        Assert.StartsWith("Stopped at ", attempt.LogText);
    }

    [Fact]
    public async Task Sleep_says_how_far_it_is()
    {
        using var attempt = RecordingAttempt.With("""{"seconds":0.01}""");
        await _folder.Routine("demo.sleep").RunAsync(attempt).WaitAsync(Patience);
        Assert.Equal(10, attempt.Reports.Count);
        Assert.Equal(1, attempt.Reports.Last().Progress);
    }

    [Theory]
    [InlineData("{}", "This routine always fails.", true)]
    [InlineData("""{"message": "Out of paper.", "retry": false}""", "Out of paper.", false)]
    public async Task Fail_fails_as_it_is_told(string arguments, string message, bool retryable)
    {
        var end = await _folder.RunAsync("demo.fail", arguments).WaitAsync(Patience);
        Assert.Equal(new AttemptOutcome.Failed(FailureReason.Exception, retryable), end.Outcome);
        Assert.Equal(message, end.Message);
    }

    [Fact]
    public async Task What_is_posted_can_be_gathered_by_the_tasks_that_wait()
    {
        using var posting = RecordingAttempt.With(_folder.Bound("demo.post", """{"name": "n", "value": [1]}"""));
        await _folder.Routine("demo.post").RunAsync(posting).WaitAsync(Patience);
        Assert.Equal("[1]", posting.Posted["n"]);

        using var gathering = RecordingAttempt.With(
            "{}",
            ("up", new DependencyResult(new TaskId(3), TaskOutcome.Failed, default, [("n", "[1]"u8.ToArray())]))
        );
        var end = await _folder.Routine("demo.gather").RunAsync(gathering).WaitAsync(Patience);
        Assert.Equal(
            """{"up":{"outcome":"failed","data":null,"posted":{"n":[1]}}}""",
            System.Text.Encoding.UTF8.GetString(end.Data.Span)
        );
    }

    [Fact]
    public async Task Crash_can_throw()
    {
        var end = await _folder.RunAsync("demo.crash", """{"how": "throw"}""").WaitAsync(Patience);
        Assert.Equal("InvalidOperationException: demo.crash was asked to throw.", end.Message);
    }

    private string At(string name) => Path.Combine(_texts, name);

    private async Task<JsonElement> RunAsync(string routine, object arguments) =>
        JsonElement.Parse(await _folder.DataOfAsync(routine, JsonSerializer.Serialize(arguments)).WaitAsync(Patience));

    private static long Number(JsonElement value, string name) => value.GetProperty(name).GetInt64();

    private static async Task UnpackAsync(string archive, string target)
    {
        if (archive.EndsWith(".zip", StringComparison.Ordinal))
        {
            await ZipFile.ExtractToDirectoryAsync(archive, target);
            return;
        }
        await using var file = File.OpenRead(archive);
        await using Stream tar = archive.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file;
        await System.Formats.Tar.TarFile.ExtractToDirectoryAsync(tar, target, overwriteFiles: false);
    }

    private static async Task<WebApplication> SiteAsync()
    {
        var site = WebApplication.CreateEmptyBuilder(new());
        site.WebHost.UseKestrelCore();
        var app = site.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async context =>
        {
            context.Response.ContentType = "text/plain";
            switch (context.Request.Path.Value)
            {
                case "/hello":
                    await context.Response.WriteAsync("hello");
                    break;
                case "/busy":
                    context.Response.StatusCode = 503;
                    break;
                case "/endless":
                    while (!context.RequestAborted.IsCancellationRequested)
                        await context.Response.WriteAsync(new string('x', 500), context.RequestAborted);
                    break;
                case "/silent":
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                    break;
                default:
                    context.Response.StatusCode = 404;
                    break;
            }
        });
        await app.StartAsync();
        return app;
    }
}
