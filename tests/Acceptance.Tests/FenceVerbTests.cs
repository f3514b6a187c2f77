namespace AptTask.Acceptance.Tests;

/// <summary>What the verbs say where a command cannot have its fence, and where the daemon is root.</summary>
public class FenceVerbTests
{
    private const string Unfenced = """
        [[command]]
        name = "held.back"
        path = "/usr/bin/true"
        sandbox = "limits"
        """;

    // A tool that is not there stands for a machine that cannot build the fence.
    private const string WithoutTools = """
        [sandbox]
        on_unavailable = "refuse-command"
        launcher = "tools"
        tools = { setpriv = "/nowhere/setpriv", setsid = "/nowhere/setsid" }
        """;

    [Fact]
    public async Task A_command_without_its_fence_is_refused_and_the_daemon_serves_the_others()
    {
        await using var daemon = await DaemonProcess.StartAsync(WithoutTools, Unfenced);
        using var client = await daemon.ConnectAsync();
        var refused = await client.AskAsync("""{"request":"start","name":"held.back"}""");
        Assert.Equal("sandbox_unavailable", refused.Text("code"));
        Assert.Contains("util-linux", refused.Text("message"), StringComparison.Ordinal);
        (await client.AskAsync("""{"request":"start","name":"demo.noop"}""")).MustBeOk();
    }

    [Fact]
    public async Task Check_ends_with_3_and_names_the_command_that_cannot_have_its_fence_here()
    {
        await using var daemon = await DaemonProcess.StartAsync(WithoutTools, Unfenced);
        // What is asked here is about commands; that plugin wants a fence of its own.
        Directory.Delete(Path.Combine(daemon.Folder, "plugins", "crash"), recursive: true);
        var check = await VerbAsync(daemon, "check");
        Assert.Equal(3, check.ExitCode);
        Assert.Contains("held.back cannot run here", check.Output, StringComparison.Ordinal);

        await Replace(daemon, WithoutTools, "");
        check = await VerbAsync(daemon, "check");
        Assert.True(check.ExitCode == 0, check.Output + check.Errors);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("run", "-")]
    [InlineData("run", "--listen", "-")]
    public async Task With_refuse_start_nothing_starts_without_every_fence_and_the_remedy_is_said(params string[] verb)
    {
        await using var daemon = await DaemonProcess.StartAsync(WithoutTools, Unfenced);
        Assert.Equal(0, await daemon.StopAsync());
        await Replace(daemon, "refuse-command", "refuse-start");

        var refused = await VerbAsync(daemon, verb);

        Assert.Equal(4, refused.ExitCode);
        Assert.Contains("held.back cannot run here", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("install the package util-linux", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("ready", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_that_is_root_says_so_and_what_follows_from_it()
    {
        await using var daemon = await DaemonProcess.StartAsync();
        Assert.Equal(
            Environment.IsPrivilegedProcess,
            daemon.Said.Contains("The daemon runs as root. Commands run as \"nobody\"", StringComparison.Ordinal)
                || daemon.Said.Contains("The daemon runs as root. Commands run as nobody", StringComparison.Ordinal)
        );
    }

    private static Task<(int ExitCode, string Output, string Errors)> VerbAsync(
        DaemonProcess daemon,
        params string[] verb
    ) => Programs.RunAsync("dotnet", [Clone.Daemon, .. verb, "--config", "aptask.toml"], daemon.Folder);

    private static async Task Replace(DaemonProcess daemon, string old, string now)
    {
        var file = Path.Combine(daemon.Folder, "aptask.toml");
        var text = await File.ReadAllTextAsync(file);
        Assert.Contains(old, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text.Replace(old, now, StringComparison.Ordinal));
    }
}
