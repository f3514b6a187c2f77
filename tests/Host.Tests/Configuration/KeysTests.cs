using System.Text;
using AptTask.Host.Configuration;

namespace AptTask.Host.Tests.Configuration;

public sealed class KeysTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_new_key_is_accepted_and_its_file_does_not_hold_its_secret()
    {
        var (key, entry) = KeyMaker.Make("web", KeyRole.User, "shop", Now);

        var keys = Keys(entry);

        Assert.Matches("^apt_web_[A-Za-z0-9_-]{43}$", key);
        Assert.DoesNotContain(key[8..], entry, StringComparison.Ordinal);
        var found = new KeyVerifier(keys).Verify(key, Now);
        Assert.NotNull(found);
        Assert.Equal(("web", KeyRole.User, "shop"), (found.Id, found.Role, Assert.Single(found.Groups)));
    }

    [Fact]
    public void Two_keys_are_never_the_same() =>
        Assert.Equal(
            1000,
            Enumerable.Range(0, 1000).Select(_ => KeyMaker.Make("a", KeyRole.User, null, Now).Key).Distinct().Count()
        );

    [Fact]
    public void Every_wrong_key_is_refused()
    {
        var (key, entry) = KeyMaker.Make("web", KeyRole.User, null, Now);
        var (other, otherEntry) = KeyMaker.Make("api", KeyRole.User, null, Now);
        var verifier = new KeyVerifier(Keys(entry + otherEntry));

        Assert.NotNull(verifier.Verify(other, Now));
        Assert.All(
            [
                "",
                "apt_",
                "apt_web_",
                key + "\n",
                " " + key,
                key[..^1],
                key + "A",
                key.Replace("apt_web", "apt_api", StringComparison.Ordinal),
                key.Replace("apt_web", "apt_nobody", StringComparison.Ordinal),
                key.ToUpperInvariant(),
                "apt_web_" + new string('A', 43),
                new string('x', 1024 * 1024),
                "\ud800",
            ],
            wrong => Assert.Null(verifier.Verify(wrong, Now))
        );
    }

    [Fact]
    public void An_expired_or_removed_key_no_longer_holds_on_an_open_connection()
    {
        var (key, entry) = KeyMaker.Make("web", KeyRole.User, null, Now);
        var verifier = new KeyVerifier(Keys(entry + "not_after = 2026-11-24T07:00:00Z\n"));
        var found = verifier.Verify(key, Now)!;

        Assert.True(verifier.StillHolds(found, Now));
        Assert.False(verifier.StillHolds(found, Now.AddHours(2)));
        Assert.Null(verifier.Verify(key, Now.AddHours(2)));
        Assert.False(new KeyVerifier(Keys(KeyMaker.Make("web", KeyRole.User, null, Now).Entry)).StillHolds(found, Now));
        Assert.False(new KeyVerifier([]).StillHolds(found, Now));
    }

    [Fact]
    public void A_word_of_the_old_protocol_is_a_key_only_there()
    {
        var verifier = new KeyVerifier(Keys("[[key]]\nid = \"old\"\nlegacy = \"userkey\"\ngroups = \"site\""));

        Assert.Equal("old", verifier.VerifyLegacy("userkey", Now)!.Id);
        Assert.Null(verifier.VerifyLegacy("userkez", Now));
        Assert.Null(verifier.VerifyLegacy(new string('x', 100_000), Now));
        Assert.Null(verifier.Verify("userkey", Now));
    }

    [Theory]
    [InlineData("", "holds no key")]
    [InlineData("[[key]]\nid = \"a\"\nsha256 = \"abcd\"", "64 hexadecimal digits")]
    [InlineData("[[key]]\nid = \"a\"", "either sha256 or")]
    [InlineData("[[key]]\nid = \"a\"\nlegacy = \"x\"\nsha256 = \"\"", "either sha256 or")]
    [InlineData("[[key]]\nid = \"a\"\nlegacy = \"x\"\n[[key]]\nid = \"a\"\nlegacy = \"y\"", "already")]
    [InlineData("[[key]]\nid = \"A_b\"\nlegacy = \"x\"", "lower-case letters")]
    [InlineData("[[key]]\nid = \"a\"\nlegacy = \"x\"\nrole = \"root\"", "\"admin\"")]
    [InlineData("[[key]]\nid = \"a\"\nlegacy = \"x\"\nnot_after = 2026-11-24", "an instant")]
    [InlineData("[[key]]\nid = \"a\"\nlegacy = \"x\"\ngroups = []", "name a group")]
    public void A_wrong_key_file_is_refused(string text, string why)
    {
        var outcome = ConfigurationFolder.Keys(text);

        Assert.Contains(why, Assert.Single(outcome.Problems).Message, StringComparison.Ordinal);
        Assert.Null(outcome.Options);
    }

    [Fact]
    public void A_key_file_that_was_named_has_to_be_there()
    {
        using var folder = new ConfigurationFolder();

        var problem = Assert.Single(folder.Read("keys.file=other.toml").Problems);

        Assert.Equal(folder.File("other.toml"), problem.File);
    }

    [Fact]
    public void A_key_file_that_others_may_read_is_refused_by_serve()
    {
        using var folder = new ConfigurationFolder();
        folder.With("keys.toml", KeyMaker.Make("a", KeyRole.User, null, Now).Entry);
        File.SetUnixFileMode(
            folder.File("keys.toml"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead
        );

        var served = folder.Read(FileProtection.Strict);
        var run = folder.Read(FileProtection.Warn);

        var problem = Assert.Single(served.Problems, problem => problem.File == folder.File("keys.toml"));
        Assert.Equal($"chmod 600 {folder.File("keys.toml")}", problem.Suggestion);
        Assert.Empty(run.Problems);
        Assert.Single(run.Warnings, problem => problem.File == folder.File("keys.toml"));
    }

    private static System.Collections.Immutable.ImmutableArray<KeyEntry> Keys(string text)
    {
        var findings = new Findings();
        var root = TomlTree.Parse(
            "keys.toml",
            TomlSource.Decode("keys.toml", Encoding.UTF8.GetBytes(text), findings)!,
            findings
        )!;
        var keys = KeysReader.Read(new Section(root, "", "/", findings));
        Assert.Empty(findings.Problems);
        return keys;
    }
}
