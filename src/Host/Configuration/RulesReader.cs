using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AptTask.Host.Configuration;

/// <summary>Reads the keys that every table of routines has.</summary>
internal static partial class RulesReader
{
    /// <summary>The form of names of routines, for messages.</summary>
    public const string NameForm =
        "a lower-case letter, then lower-case letters, digits, dots, dashes and underscores, 64 at most";

    /// <summary>The longest timeout that a file may name.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(365);

    /// <summary>Fills the common keys of an entry.</summary>
    public static T Read<T>(Section section, T entry, IReadOnlySet<string> lanes)
        where T : RoutineRules
    {
        return entry with
        {
            Allow = Allow(section),
            Lane = Lane(section, section.Text("lane"), "lane", lanes),
            Lanes = [.. (section.Words("lanes") ?? []).Where(lane => Lane(section, lane, "lanes", lanes) is not null)],
            Timeout = section.Duration("timeout", TimeSpan.FromMilliseconds(1), LongestTimeout),
            Weight = section.Count("weight", 1, 1024),
            Concurrency = section.Count("concurrency", 1, 100_000),
            Idempotent = section.Truth("idempotent"),
            Retry = Retry(section),
            Line = section.Mark.Line,
        };
    }

    /// <summary>A name that clients use, checked.</summary>
    public static string RoutineName(Section section)
    {
        var name = section.RequiredText("name");
        if (name.Length > 0 && !NamePattern().IsMatch(name))
            section.Findings.Problem(section.At("name"), $"The name \"{Printable.Of(name)}\" is not {NameForm}.");
        return name;
    }

    /// <summary>Reads a fence.</summary>
    public static SandboxProfile? Profile(Section section, string key) =>
        section.Choice(
            key,
            ("none", SandboxProfile.None),
            ("limits", SandboxProfile.Limits),
            ("restricted", SandboxProfile.Restricted),
            ("isolated", SandboxProfile.Isolated)
        );

    /// <summary>Reads where code runs.</summary>
    public static Isolation? WhereItRuns(Section section) =>
        section.Choice("isolation", ("process", Isolation.Process), ("context", Isolation.Context));

    private static ImmutableArray<string> Allow(Section section)
    {
        var allow = section.Words("allow") ?? [];
        foreach (var rule in allow.Where(rule => !AllowPattern().IsMatch(rule)))
        {
            section.Findings.Problem(
                section.At("allow"),
                $"\"{Printable.Of(rule)}\" does not say who may run it.",
                "Write \"group:NAME\" (* stands for any run of characters), \"role:user\", \"role:admin\" or \"key:ID\"."
            );
        }
        return allow;
    }

    private static string? Lane(Section section, string? lane, string key, IReadOnlySet<string> lanes)
    {
        if (lane is null || lanes.Contains(lane))
            return lane;
        section.Findings.Problem(
            section.At(key),
            $"There is no lane \"{Printable.Of(lane)}\".",
            Nearest.Suggest(lane, lanes) ?? $"Lanes stand in [lanes] of aptask.toml: {string.Join(", ", lanes)}."
        );
        return null;
    }

    private static RetryEntry? Retry(Section section)
    {
        var isThere = section.Has("retry");
        var retry = section.Table("retry");
        var longest = TimeSpan.FromDays(7);
        var attempts = retry.Count("attempts", 1, 100) ?? 3;
        var exponential = retry.Choice("backoff", ("fixed", false), ("exponential", true)) ?? true;
        var delay = retry.Duration("delay", TimeSpan.Zero, longest) ?? TimeSpan.FromSeconds(1);
        var most = retry.Duration("max_delay", TimeSpan.Zero, longest) ?? TimeSpan.FromMinutes(5);
        var jitter = retry.Number("jitter", 0, 1) ?? 0;
        retry.Close();
        if (most < delay)
            section.Findings.Problem(section.At("retry"), "retry.max_delay is shorter than retry.delay.");
        return isThere ? new RetryEntry(attempts, exponential, delay, most, jitter) : null;
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamePattern();

    [GeneratedRegex(
        @"\A(group:[^\s:]{1,128}|role:(user|admin|worker)|key:[a-z0-9*-]{1,64})\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex AllowPattern();
}
