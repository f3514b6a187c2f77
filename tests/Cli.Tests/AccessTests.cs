using AptTask.Protocol;

namespace AptTask.Cli.Tests;

public sealed class AccessTests
{
    private static FakeDaemon Daemon() =>
        new(request =>
            request is HelloRequest
                ?
                [
                    """{"status":"ok","response":"hello","server":"AptTask","version":"1","protocol":1,"limits":{"line_bytes":1,"depth":16}}""",
                ]
                : ["""{"status":"ok","response":"active","active":[]}"""]
        );

    [Fact]
    public async Task The_key_of_the_environment_is_shown_before_anything_is_asked()
    {
        await using var daemon = Daemon();
        var line = new CommandLine();
        line.Environment["APTASK_KEY"] = " apt_web_secret\n";
        Assert.Equal(ExitCodes.Ok, await line.RunAsync(daemon, "active"));
        Assert.Equal("apt_web_secret", Assert.IsType<HelloRequest>(daemon.Asked.First()).Key);
    }

    [Fact]
    public async Task A_key_file_counts_more_than_the_environment()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "apt_file_secret\n", TestContext.Current.CancellationToken);
            await using var daemon = Daemon();
            var line = new CommandLine();
            line.Environment["APTASK_KEY"] = "apt_web_secret";
            Assert.Equal(ExitCodes.Ok, await line.RunAsync(daemon, "active", "--key-file", file));
            Assert.Equal("apt_file_secret", Assert.IsType<HelloRequest>(daemon.Asked.First()).Key);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_group_goes_with_every_request()
    {
        await using var daemon = Daemon();
        Assert.Equal(ExitCodes.Ok, await new CommandLine().RunAsync(daemon, "active", "--group", "site/a"));
        Assert.Equal("site/a", Assert.Single(daemon.Asked).Group);
    }

    [Fact]
    public async Task The_socket_of_the_folder_is_taken_when_it_is_there()
    {
        var folder = Directory.CreateTempSubdirectory("aptask").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "var"));
            await File.WriteAllTextAsync(
                Path.Combine(folder, "var", "aptask.sock"),
                "",
                TestContext.Current.CancellationToken
            );
            var line = new CommandLine { Folder = folder };
            Assert.Equal(ExitCodes.NoConnection, await line.RunAsync("active"));
            Assert.Contains("unix:", line.Error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
