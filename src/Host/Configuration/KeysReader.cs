using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace AptTask.Host.Configuration;

/// <summary>Reads <c>keys.toml</c>.</summary>
internal static class KeysReader
{
    private const int HashLength = 32;

    /// <summary>The keys; problems are among the section's findings.</summary>
    public static ImmutableArray<KeyEntry> Read(Section root)
    {
        var sections = root.Tables("key");
        root.Close();
        if (sections.Count == 0)
            root.Findings.Problem(
                root.Mark,
                "The file holds no key.",
                "Make one with \"aptaskd key new ID\", or remove the file to run without keys."
            );
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var keys = ImmutableArray.CreateBuilder<KeyEntry>(sections.Count);
        foreach (var section in sections)
        {
            var key = Key(section);
            if (key.Id.Length > 0 && !ids.Add(key.Id))
                section.Findings.Problem(section.At("id"), $"There is a key \"{Printable.Of(key.Id)}\" already.");
            keys.Add(key);
        }
        return keys.ToImmutable();
    }

    private static KeyEntry Key(Section section)
    {
        var id = section.RequiredText("id");
        if (id.Length > 0 && !KeyText.IsId(id))
            section.Findings.Problem(section.At("id"), $"The id of a key is {KeyText.IdForm}.");
        var caps = section.Table("caps");
        var legacy = section.Text("legacy");
        var key = new KeyEntry
        {
            Id = id,
            Legacy = legacy,
            Sha256 = Hash(section, legacy),
            Role =
                section.Choice("role", ("user", KeyRole.User), ("admin", KeyRole.Admin), ("worker", KeyRole.Worker))
                ?? KeyRole.User,
            Groups = Groups(section, id),
            Allow = section.Words("allow") ?? [],
            MaxPriority = caps.Count("priority", -100, 100),
            Running = caps.Count("running", 1, 1_000_000_000),
            Pending = caps.Count("pending", 1, 1_000_000_000),
            NotAfter = Instant(section, "not_after"),
            Note = section.Text("note"),
            Line = section.Mark.Line,
        };
        Instant(section, "created");
        caps.Close();
        section.Close();
        return key;
    }

    private static ImmutableArray<byte> Hash(Section section, string? legacy)
    {
        var text = section.Text("sha256");
        if (text is null == legacy is null)
        {
            section.Findings.Problem(section.Mark, "A key has either sha256 or, for old clients, legacy.");
            return [.. new byte[HashLength]];
        }
        if (legacy is not null)
            return [.. SHA256.HashData(Encoding.UTF8.GetBytes(legacy))];
        if (text!.Length == HashLength * 2 && text.All(char.IsAsciiHexDigit))
            return [.. Convert.FromHexString(text)];
        section.Findings.Problem(
            section.At("sha256"),
            $"{section.Name("sha256")} must be {HashLength * 2} hexadecimal digits.",
            "\"aptaskd key new ID\" prints the whole entry."
        );
        return [.. new byte[HashLength]];
    }

    private static ImmutableArray<string> Groups(Section section, string id)
    {
        var groups = section.Any("groups") is TomlNode.Text one ? [one.Value] : section.Words("groups") ?? [id];
        if (groups.IsEmpty || groups.Contains(""))
            section.Findings.Problem(section.At("groups"), $"{section.Name("groups")} must name a group or patterns.");
        return groups;
    }

    private static DateTimeOffset? Instant(Section section, string key)
    {
        switch (section.Any(key))
        {
            case null:
                return null;
            case TomlNode.Instant { Value: { } instant }:
                return instant;
            case var other:
                return section.Wrong<DateTimeOffset?>(key, other, "an instant such as 2027-01-31T00:00:00Z");
        }
    }
}
