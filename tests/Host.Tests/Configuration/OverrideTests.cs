using AptTask.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace AptTask.Host.Tests.Configuration;

public sealed class OverrideTests
{
    [Fact]
    public void The_command_line_overrides_the_environment_and_the_environment_overrides_the_file()
    {
        using var folder = new ConfigurationFolder();
        folder.With(
            "aptask.toml",
            "[server]\ntcp = \"127.0.0.1:1\"\nhttp = \"127.0.0.1:2\"\nworkers = \"127.0.0.1:3\""
        );
        var environment = new Dictionary<string, string>
        {
            ["APTASK__SERVER__TCP"] = "127.0.0.1:10",
            ["APTASK__SERVER__HTTP"] = "127.0.0.1:20",
            ["OTHER__SERVER__HTTP"] = "x",
        };

        var outcome = ConfigurationReader.Read(
            folder.File("aptask.toml"),
            ["server.tcp=127.0.0.1:0"],
            environment,
            FileProtection.Warn
        );

        Assert.Empty(outcome.Problems);
        Assert.Equal("127.0.0.1:0", outcome.Options!.Server.Tcp!.ToString());
        Assert.Equal("127.0.0.1:20", outcome.Options.Server.Http!.ToString());
        Assert.Equal("127.0.0.1:3", outcome.Options.Server.Workers!.ToString());
    }

    [Fact]
    public void Every_kind_of_value_can_be_set_without_quotes()
    {
        using var folder = new ConfigurationFolder();

        var outcome = folder.Read(
            "server.http=",
            "lanes.default=7",
            "log.level=debug",
            "log.console=false",
            "results.linger=90s",
            "results.max_result=2MiB",
            "store.path=/x/y.db",
            "redis.prefix=5",
            "plugins.folders=[\"a\", \"/b\"]",
            "sandbox.limits.files=64",
            "server.hosts=example.org"
        );

        Assert.Empty(outcome.Problems);
        var options = outcome.Options!;
        Assert.Null(options.Server.Http);
        Assert.Equal(7, Assert.Single(options.Lanes).Width);
        Assert.Equal(LogLevel.Debug, options.Log.Level);
        Assert.False(options.Log.Console);
        Assert.Equal(TimeSpan.FromSeconds(90), options.Results.Linger);
        Assert.Equal(2 * 1024 * 1024, options.Results.MaxResult);
        Assert.Equal("/x/y.db", options.Store.Path);
        Assert.Equal("5", options.Redis.Prefix);
        Assert.Equal([folder.File("a"), "/b"], options.Plugins.Folders);
        Assert.Equal(64, options.Sandbox.Limits.Files);
        Assert.Equal(["example.org"], options.Server.Hosts);
    }

    [Theory]
    [InlineData("server.tpc=1", "--set server.tpc=1: server.tpc is not known here. Did you mean \"tcp\"?")]
    [InlineData("server", "--set server: A setting is written table.key=value.")]
    [InlineData("tcp=1", "--set tcp=1: A setting is named by its table and its key. For example server.tcp.")]
    [InlineData(
        "results.linger=soon",
        "--set results.linger=soon: results.linger must be a duration such as \"250ms\", \"10s\", \"5m\", \"2h\" or \"7d\", not the string \"soon\"."
    )]
    public void A_wrong_setting_is_reported_by_its_own_text(string set, string expected)
    {
        using var folder = new ConfigurationFolder();

        Assert.Equal(expected, Assert.Single(folder.Read(set).Problems).ToString());
    }

    [Fact]
    public void Relative_paths_are_relative_to_the_file()
    {
        using var folder = new ConfigurationFolder();

        var options = folder
            .With("aptask.toml", "[store]\npath = \"data/../x.db\"\n[log]\nfile = \"\"")
            .Read()
            .Options!;

        Assert.Equal(folder.File("x.db"), options.Store.Path);
        Assert.Null(options.Log.File);
    }
}
