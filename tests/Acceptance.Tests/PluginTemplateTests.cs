namespace AptTask.Acceptance.Tests;

/// <summary>The template for plugins gives a project that builds and runs as it is.</summary>
public class PluginTemplateTests
{
    [Fact]
    public async Task A_plugin_made_from_the_template_is_built_dropped_in_and_run()
    {
        using var workshop = await PluginWorkshop.OpenAsync();
        var hive = Path.Combine(workshop.Folder, "hive");
        await workshop.DotnetAsync(
            "new",
            "install",
            Path.Combine(Clone.Root, "templates", "apttask-plugin"),
            "--debug:custom-hive",
            hive
        );
        await workshop.DotnetAsync(
            "new",
            "apttask-plugin",
            "--name",
            "Greeting",
            "--packages",
            workshop.Packages,
            "--debug:custom-hive",
            hive
        );
        await using var daemon = await DaemonProcess.StartAsync(
            """
            [[plugin]]
            name = "Greeting"
            isolation = "context"
            """
        );
        await workshop.DotnetAsync(
            "publish",
            "Greeting",
            "-warnaserror",
            "--output",
            Path.Combine(daemon.Plugins, "Greeting")
        );
        using var admin = await daemon.ConnectAsAdminAsync();
        (await admin.AskAsync("""{"request":"reload"}""")).MustHaveTakenIn("Greeting");

        var hello = await admin.RunAsync("""{"request":"start","name":"greeting.hello","arguments":{"name":"Ada"}}""");
        Assert.Equal("Hello, Ada!", hello.Text("data"));
        var countdown = await admin.RunAsync(
            """{"request":"start","name":"greeting.countdown","arguments":{"from":2}}"""
        );
        Assert.Equal(("done", 2L), (countdown.Text("state"), countdown.Number("data")));

        var left = Directory
            .EnumerateFiles(Path.Combine(workshop.Folder, "Greeting"))
            .Where(file => File.ReadAllText(file).Contains("PluginName", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(left);
    }
}
