namespace AptTask.Acceptance.Tests;

/// <summary>A file that has become wrong while the daemon runs changes nothing, and the reload says what is wrong with it.</summary>
public class HostileFileTests
{
    private const string Whitelist = """
        [[command]]
        name = "old"
        path = "/usr/bin/true"
        sandbox = "limits"

        """;

    private const string Other = """
        version = 1
        [[command]]
        name = "new"
        path = "/usr/bin/true"
        sandbox = "limits"
        """;

    [Theory]
    [InlineData("broken")]
    [InlineData("loosened")]
    [InlineData("link to a file that others may change")]
    [InlineData("folder")]
    [InlineData("not UTF-8")]
    public async Task A_whitelist_that_has_become_wrong_is_refused_and_the_old_one_holds(string how)
    {
        await using var daemon = await DaemonProcess.StartAsync(whitelist: Whitelist);
        using var admin = await daemon.ConnectAsAdminAsync();
        using var client = await daemon.ConnectAsync();
        var file = Path.Combine(daemon.Folder, "whitelist.toml");
        Spoil(file, how);

        var reload = await admin.AskAsync("""{"request":"reload"}""");

        reload.MustBeOk();
        Assert.True(reload.GetProperty("refused").GetArrayLength() > 0, reload.GetRawText());
        Assert.Contains("whitelist.toml", reload.GetProperty("refused")[0].Text("source"), StringComparison.Ordinal);
        Assert.Equal(0, reload.GetProperty("changes").GetArrayLength());
        (await client.AskAsync("""{"request":"start","name":"old"}""")).MustBeOk();
        Assert.Equal("unknown_routine", (await client.AskAsync("""{"request":"start","name":"new"}""")).Text("code"));
        Assert.Contains(
            "reload",
            await File.ReadAllTextAsync(Path.Combine(daemon.Folder, "audit.log")),
            StringComparison.Ordinal
        );
    }

    private static void Spoil(string file, string how)
    {
        const UnixFileMode Everyone =
            UnixFileMode.UserRead
            | UnixFileMode.UserWrite
            | UnixFileMode.GroupRead
            | UnixFileMode.GroupWrite
            | UnixFileMode.OtherRead
            | UnixFileMode.OtherWrite;
        switch (how)
        {
            case "broken":
                File.WriteAllText(file, Other + "\n[[command]]\nname = \"half");
                break;
            case "loosened":
                File.WriteAllText(file, Other);
                File.SetUnixFileMode(file, Everyone);
                break;
            case "folder":
                File.Delete(file);
                Directory.CreateDirectory(file);
                break;
            case "not UTF-8":
                File.WriteAllBytes(file, [.. System.Text.Encoding.UTF8.GetBytes(Other), (byte)'#', 0xff, 0xfe]);
                break;
            default:
                var elsewhere = file + ".elsewhere";
                File.WriteAllText(elsewhere, Other);
                File.SetUnixFileMode(elsewhere, Everyone);
                File.Delete(file);
                File.CreateSymbolicLink(file, elsewhere);
                break;
        }
    }
}
