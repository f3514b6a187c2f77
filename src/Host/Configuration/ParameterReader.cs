using System.Collections.Immutable;

namespace AptTask.Host.Configuration;

/// <summary>Reads one parameter of a command. Each type has its own keys, so that a limit that means nothing is refused.</summary>
internal static class ParameterReader
{
    private const int LongestText = 1024 * 1024;

    /// <summary>The parameter; problems are among the findings.</summary>
    public static ParameterEntry Read(Section section, string name, bool isItem)
    {
        var type = Type(section);
        var entry = new ParameterEntry
        {
            Name = name,
            Type = type,
            Line = section.Mark.Line,
        };
        if (!isItem)
        {
            entry = entry with { Help = section.Text("help"), Default = section.Json("default"), From = From(section) };
        }
        entry = Limits(section, entry, isItem);
        section.Close();
        return entry;
    }

    /// <summary>Whether values of the type can hold a slash.</summary>
    public static bool MayHoldSlash(ParameterEntry entry) =>
        entry.Type switch
        {
            ParameterType.Path or ParameterType.Url => true,
            ParameterType.Enum => entry.Values.Any(value => value.Contains('/')),
            ParameterType.String => entry.Values.IsEmpty || entry.Values.Any(value => value.Contains('/')),
            _ => false,
        };

    /// <summary>Whether clients choose the text freely.</summary>
    public static bool IsFreeText(ParameterEntry entry) =>
        entry.Type == ParameterType.List
            ? entry.Of is { } of && IsFreeText(of)
            : entry.Type == ParameterType.String && entry.Values.IsEmpty;

    private static ParameterType Type(Section section)
    {
        if (!section.Has("type"))
            section.Findings.Problem(section.Mark, $"{section.Name("type")} is missing.");
        return section.Choice(
                "type",
                [.. Enum.GetValues<ParameterType>().Select(type => (type.ToString().ToLowerInvariant(), type))]
            ) ?? ParameterType.Text;
    }

    private static ParameterEntry Limits(Section section, ParameterEntry entry, bool isItem)
    {
        switch (entry.Type)
        {
            case ParameterType.Int:
                return Range(section, entry, long.MinValue, long.MaxValue);
            case ParameterType.Decimal:
                return Range(section, entry, -1e18m, 1e18m) with { Scale = section.Count("scale", 0, 9) ?? 2 };
            case ParameterType.Port:
                return entry with
                {
                    Min = section.Count("min", 1, 65535) ?? 1,
                    Max = section.Count("max", 1, 65535) ?? 65535,
                };
            case ParameterType.Flag or ParameterType.Bool:
                return entry;
            case ParameterType.Enum:
                return entry with { Values = Values(section, required: true), MaxLength = Longest(section, 256) };
            case ParameterType.String:
                return String(section, entry);
            case ParameterType.Path:
                return Path(section, entry);
            case ParameterType.Host:
                return entry with { Hosts = section.Words("hosts") ?? [], MaxLength = 253 };
            case ParameterType.Url:
                return entry with
                {
                    Schemes = Schemes(section),
                    Hosts = section.Words("hosts") ?? [],
                    MaxLength = Longest(section, 2048),
                };
            case ParameterType.Text or ParameterType.Secret:
                return entry with
                {
                    MaxLength = Longest(section, 64 * 1024),
                    Unicode = section.Truth("unicode") ?? false,
                };
            case ParameterType.List:
                return List(section, entry, isItem);
            default:
                return entry with { MaxLength = Longest(section, 256) };
        }
    }

    private static ParameterEntry Range(Section section, ParameterEntry entry, decimal least, decimal most)
    {
        var isWhole = entry.Type == ParameterType.Int;
        var min = Bound(section, "min", isWhole) ?? least;
        var max = Bound(section, "max", isWhole) ?? most;
        if (min > max)
            section.Findings.Problem(section.At("min"), $"{section.Name("min")} is greater than max.");
        return entry with { Min = min, Max = max };
    }

    private static decimal? Bound(Section section, string key, bool isWhole)
    {
        if (!section.Has(key))
        {
            section.Any(key);
            section.Findings.Problem(
                section.Mark,
                $"{section.Name(key)} is missing: a number has to have min and max."
            );
            return null;
        }
        return isWhole ? section.Whole(key, long.MinValue, long.MaxValue) : (decimal?)section.Number(key, -1e18, 1e18);
    }

    private static ParameterEntry String(Section section, ParameterEntry entry)
    {
        var pattern = section.Text("pattern");
        var values = Values(section, required: false);
        if (pattern is null == values.IsEmpty)
            section.Findings.Problem(
                section.Mark,
                $"{section.Name("type")} is \"string\", so either pattern or values has to say which strings.",
                "For example pattern = \"[a-z0-9 ]+\"."
            );
        if (pattern is not null && ValuePattern.Refuse(pattern) is { } refused)
        {
            section.Findings.Problem(section.At("pattern"), $"{section.Name("pattern")} {refused}.");
            pattern = null;
        }
        return entry with
        {
            // Reading goes on after a problem; nothing matches this.
            Pattern = pattern ?? (values.IsEmpty ? "[^\\s\\S]" : null),
            Values = values,
            MaxLength = Longest(section, 256),
            Unicode = section.Truth("unicode") ?? false,
        };
    }

    private static ParameterEntry Path(Section section, ParameterEntry entry)
    {
        var under = section.Path("under");
        if (string.IsNullOrEmpty(under))
            section.Findings.Problem(
                section.At("under"),
                $"{section.Name("under")} is missing: a path has to stay below a folder."
            );
        return entry with
        {
            Under = string.IsNullOrEmpty(under) ? "/nowhere" : under,
            MustExist = section.Truth("must_exist") ?? false,
            Unicode = section.Truth("unicode") ?? false,
            MaxLength = Longest(section, 4096),
        };
    }

    private static ParameterEntry List(Section section, ParameterEntry entry, bool isItem)
    {
        if (isItem)
            section.Findings.Problem(section.At("type"), "A list cannot hold lists.");
        if (!section.Has("of"))
            section.Findings.Problem(section.Mark, $"{section.Name("of")} is missing: it says what the items are.");
        var of = isItem ? null : Read(section.Table("of"), entry.Name, isItem: true);
        if (of?.Type is ParameterType.Flag or ParameterType.Text or ParameterType.Secret)
            section.Findings.Problem(
                section.At("of"),
                "The items of a list become arguments; flag, text and secret do not."
            );
        if (!section.Has("max_items"))
            section.Findings.Problem(section.Mark, $"{section.Name("max_items")} is missing.");
        return entry with { Of = of, MaxItems = section.Count("max_items", 1, 256) ?? 1 };
    }

    private static ImmutableArray<string> Values(Section section, bool required)
    {
        var values = section.Words("values");
        if (values is { IsEmpty: true } || (required && !section.Has("values")))
            section.Findings.Problem(section.At("values"), $"{section.Name("values")} has to list at least one value.");
        foreach (var value in (values ?? []).Where(value => value.Length == 0 || TextCheck.LooksLikeOption(value)))
        {
            section.Findings.Problem(
                section.At("values"),
                $"The value \"{Printable.Of(value)}\" is empty or begins with a dash; no argument may."
            );
        }
        return values ?? [];
    }

    private static ImmutableArray<string> Schemes(Section section)
    {
        var schemes = section.Words("schemes") ?? [];
        if (schemes.IsEmpty)
            section.Findings.Problem(
                section.At("schemes"),
                $"{section.Name("schemes")} is missing: a URL has to be of listed schemes.",
                "For example schemes = [\"https\"]."
            );
        return schemes;
    }

    private static int Longest(Section section, int otherwise) => section.Count("max_len", 1, LongestText) ?? otherwise;

    /// <summary>Reads <c>JOB:/pointer</c> and <c>JOB:posted.NAME/pointer</c>.</summary>
    private static DependencySource? From(Section section)
    {
        const string posted = "posted.";
        if (section.Text("from") is not { } text)
            return null;
        var colon = text.IndexOf(':');
        var rest = colon < 0 ? "" : text[(colon + 1)..];
        var isPosted = rest.StartsWith(posted, StringComparison.Ordinal);
        var slash = rest.IndexOf('/') is var at and >= 0 ? at : rest.Length;
        var name = isPosted ? rest[posted.Length..Math.Max(slash, posted.Length)] : null;
        if (colon > 0 && (isPosted ? name!.Length > 0 : slash == 0 || rest.Length == 0))
            return new DependencySource(text[..colon], name, rest[slash..]);
        section.Findings.Problem(
            section.At("from"),
            $"{section.Name("from")} does not say where the value comes from: \"{Printable.Of(text)}\".",
            "Write \"JOB:/pointer\" for what the job returned (\"JOB:\" for all of it) or \"JOB:posted.NAME/pointer\" for what it posted."
        );
        return null;
    }
}
