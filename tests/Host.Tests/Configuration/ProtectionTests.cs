using AptTask.Host.Configuration;

namespace AptTask.Host.Tests.Configuration;

public sealed class ProtectionTests
{
    [Fact]
    public void A_file_that_others_may_change_is_refused_by_serve_and_only_warned_about_by_run()
    {
        using var folder = new ConfigurationFolder();
        folder.With("aptask.toml", "");
        File.SetUnixFileMode(
            folder.File("aptask.toml"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite
        );

        var served = folder.Read(FileProtection.Strict);

        var problem = Assert.Single(
            served.Problems,
            problem => problem.Message.Contains("aptask.toml", StringComparison.Ordinal)
        );
        Assert.Contains("mode 620", problem.Message, StringComparison.Ordinal);
        Assert.Equal($"chmod go-w {folder.File("aptask.toml")}", problem.Suggestion);
        Assert.NotNull(folder.Read(FileProtection.Warn).Options);
    }

    [Fact]
    public void A_folder_above_that_others_may_change_is_named()
    {
        using var folder = new ConfigurationFolder();
        var inner = Directory.CreateDirectory(folder.File("open")).FullName;
        File.WriteAllText(Path.Combine(inner, "aptask.toml"), "");
        File.SetUnixFileMode(inner, (UnixFileMode)0x1FF);

        var outcome = ConfigurationReader.Read(
            Path.Combine(inner, "aptask.toml"),
            [],
            new Dictionary<string, string>(),
            FileProtection.Strict
        );

        Assert.Contains(
            outcome.Problems,
            problem => problem.Message.StartsWith(inner + " has mode 777", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Nobody_is_told_to_change_the_mode_of_a_folder_that_is_for_everyone()
    {
        using var folder = new ConfigurationFolder();
        var shared = Directory.CreateDirectory(folder.File("shared")).FullName;
        File.WriteAllText(Path.Combine(shared, "aptask.toml"), "");
        File.SetUnixFileMode(shared, (UnixFileMode)0x3FF);

        var outcome = ConfigurationReader.Read(
            Path.Combine(shared, "aptask.toml"),
            [],
            new Dictionary<string, string>(),
            FileProtection.Strict
        );

        var problem = Assert.Single(
            outcome.Problems,
            problem => problem.Message.StartsWith(shared + " has mode 1777", StringComparison.Ordinal)
        );
        Assert.DoesNotContain("chmod", problem.Suggestion, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_behind_a_link_is_judged_where_it_really_is()
    {
        using var folder = new ConfigurationFolder();
        var inner = Directory.CreateDirectory(folder.File("open")).FullName;
        File.WriteAllText(Path.Combine(inner, "real.toml"), "");
        File.SetUnixFileMode(inner, (UnixFileMode)0x1FF);
        File.CreateSymbolicLink(folder.File("aptask.toml"), Path.Combine(inner, "real.toml"));

        var outcome = folder.Read(FileProtection.Strict);

        Assert.Contains(outcome.Problems, problem => problem.Message.StartsWith(inner, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_file_a_folder_and_a_pipe_are_no_configuration()
    {
        using var folder = new ConfigurationFolder();
        using var make = System.Diagnostics.Process.Start("/usr/bin/mkfifo", folder.File("pipe.toml"));
        make.WaitForExit();
        Assert.NotEmpty(
            ConfigurationReader
                .Read(folder.File("pipe.toml"), [], new Dictionary<string, string>(), FileProtection.Warn)
                .Problems
        );

        Assert.NotEmpty(
            ConfigurationReader
                .Read(folder.File("none.toml"), [], new Dictionary<string, string>(), FileProtection.Warn)
                .Problems
        );
        Assert.NotEmpty(
            ConfigurationReader.Read(folder.Path, [], new Dictionary<string, string>(), FileProtection.Warn).Problems
        );
    }
}
