using AptTask.Host.Tests.Configuration;

namespace AptTask.Host.Tests;

/// <summary>What <c>aptaskd key new</c> does to the file of keys.</summary>
public sealed class KeyFileTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_key_makes_a_file_that_only_its_owner_may_read()
    {
        KeyFile.Append(Keys, "first");

        Assert.Equal("first\n", File.ReadAllText(Keys));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Keys));
    }

    [Fact]
    public void A_further_key_keeps_what_is_there_and_the_mode_also_when_the_last_line_has_no_end()
    {
        KeyFile.Append(Keys, "first");
        File.AppendAllText(Keys, "# by hand");

        KeyFile.Append(Keys, "second");

        Assert.Equal("first\n# by hand\nsecond\n", File.ReadAllText(Keys));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Keys));
    }

    [Fact]
    public void Who_reads_the_file_meanwhile_sees_the_old_one_whole()
    {
        KeyFile.Append(Keys, "first");
        using var reader = new StreamReader(Keys);

        KeyFile.Append(Keys, "second");

        Assert.Equal("first\n", reader.ReadToEnd());
    }

    [Fact]
    public void A_link_to_the_file_stays_a_link()
    {
        var real = _folder.File("real.toml");
        KeyFile.Append(real, "first");
        File.CreateSymbolicLink(Keys, real);

        KeyFile.Append(Keys, "second");

        Assert.Equal(real, new FileInfo(Keys).LinkTarget);
        Assert.Equal("first\nsecond\n", File.ReadAllText(real));
    }

    [Fact]
    public void What_cannot_be_written_leaves_nothing_behind()
    {
        Directory.CreateDirectory(Keys);

        Assert.ThrowsAny<IOException>(() => KeyFile.Append(Keys, "first"));

        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Keys)!, "*.new"));
    }

    private string Keys => _folder.File("keys.toml");
}
