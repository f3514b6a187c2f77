using System.Text.Json;
using System.Text.RegularExpressions;

namespace AptTask.Acceptance.Tests;

/// <summary><c>docs/plugins.md</c> is followed: what it shows is built with the SDK and run by a daemon.</summary>
public partial class PluginGuideTests
{
    private const string Trust = """
        [[plugin]]
        name = "greetings"
        isolation = "context"
        """;

    private static readonly string Guide = File.ReadAllText(Path.Combine(Clone.Root, "docs", "plugins.md"));

    [Fact]
    public void The_guide_says_how_a_plugin_is_trusted() =>
        Assert.Contains(Trust, Guide.Replace("    ", "", StringComparison.Ordinal), StringComparison.Ordinal);

    [Theory]
    [InlineData(Trust)]
    [InlineData("[[plugin]]\nname = \"greetings\"\nsandbox = \"limits\"")]
    public async Task The_plugin_of_the_guide_is_built_dropped_in_reloaded_and_run(string entry)
    {
        using var workshop = await OpenWithFilesOfTheGuideAsync();
        await using var daemon = await DaemonProcess.StartAsync(entry);
        // Workers of a root daemon run as another user, who has to get to the copy of the plugin.
        File.SetUnixFileMode(
            daemon.Folder,
            File.GetUnixFileMode(daemon.Folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute
        );

        await workshop.DotnetAsync(
            "publish",
            "greetings",
            "-warnaserror",
            "--output",
            Path.Combine(daemon.Plugins, "greetings")
        );
        Assert.False(File.Exists(Path.Combine(daemon.Plugins, "greetings", "AptTask.Plugin.dll")));
        using var admin = await daemon.ConnectAsAdminAsync();
        (await admin.AskAsync("""{"request":"reload"}""")).MustHaveTakenIn("greetings");

        var index = await admin.AskAsync("""{"request":"index"}""");
        var listed = index
            .GetProperty("routines")
            .EnumerateArray()
            .Single(routine => routine.Text("name") == "greetings.hello");
        AssertShownAsListed(listed.GetProperty("arguments"));

        var hello = await admin.RunAsync(
            """{"request":"start","name":"greetings.hello","arguments":{"name":"Ada","manner":"very_polite"}}"""
        );
        Assert.Equal("done", hello.Text("state"));
        Assert.Equal(
            """{"text":"A very good day to you, Ada.","letters":20}""",
            hello.GetProperty("data").GetRawText()
        );
        Assert.Contains("Greeting Ada.", hello.GetProperty("worklog").GetRawText(), StringComparison.Ordinal);

        var round = await admin.RunAsync(
            """{"request":"start","name":"greetings.round","arguments":{"names":["Ada","Grace"]}}"""
        );
        Assert.Equal("""["Hello, Ada!","Hello, Grace!"]""", round.GetProperty("data").GetRawText());
        Assert.Contains("2 greeted.", round.GetRawText(), StringComparison.Ordinal);

        var failed = await admin.RunAsync(
            """{"request":"start","name":"greetings.round","arguments":{"names":["Ada",""]},"retry":{"attempts":3}}"""
        );
        Assert.Equal(("failed", 1L), (failed.Text("state"), failed.Number("attempt")));
        Assert.Contains("Name 2 is empty.", failed.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_check_of_the_guide_tries_the_plugin_without_a_daemon()
    {
        using var workshop = await OpenWithFilesOfTheGuideAsync();
        Assert.Contains(
            "All as expected.",
            await workshop.DotnetAsync("run", "--project", "greetings.check"),
            StringComparison.Ordinal
        );
    }

    private static async Task<PluginWorkshop> OpenWithFilesOfTheGuideAsync()
    {
        var workshop = await PluginWorkshop.OpenAsync();
        foreach (Match file in ShownFile().Matches(Guide))
            await workshop.WriteAsync(file.Groups["path"].Value, file.Groups["text"].Value);
        return workshop;
    }

    // The answer may say more of an argument than the guide shows, but nothing else.
    private static void AssertShownAsListed(JsonElement listed)
    {
        var shown = JsonElement.Parse(ShownIndex().Match(Guide).Groups["text"].Value);
        Assert.Equal(shown.GetArrayLength(), listed.GetArrayLength());
        foreach (var (expected, argument) in shown.EnumerateArray().Zip(listed.EnumerateArray()))
        {
            foreach (var member in expected.EnumerateObject())
            {
                Assert.True(
                    argument.TryGetProperty(member.Name, out var value) && JsonElement.DeepEquals(member.Value, value),
                    $"{member} is not in {argument}"
                );
            }
        }
    }

    [GeneratedRegex(
        @"^```\w+ file=(?<path>\S+)\n(?<text>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        5_000
    )]
    private static partial Regex ShownFile();

    [GeneratedRegex(
        @"^```json index=greetings.hello\n(?<text>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        5_000
    )]
    private static partial Regex ShownIndex();
}
