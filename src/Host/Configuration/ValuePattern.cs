using System.Text.RegularExpressions;

namespace AptTask.Host.Configuration;

/// <summary>Patterns of string parameters: the whole value has to match, and no value can make the match slow.</summary>
internal static class ValuePattern
{
    /// <summary>The longest pattern.</summary>
    public const int MaxLength = 1024;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    // NonBacktracking is linear; this only bounds what cannot happen.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What is wrong with a pattern; null when nothing is.</summary>
    public static string? Refuse(string pattern)
    {
        if (pattern.Length > MaxLength)
            return $"is longer than {MaxLength} characters";
        try
        {
            // Alone first: "a)|(?:.*" is only a pattern once it is wrapped, and then it matches everything.
            _ = new Regex(pattern, Options, Patience);
            _ = Build(pattern);
            return null;
        }
        catch (Exception bad) when (bad is ArgumentException or NotSupportedException)
        {
            return $"is not a pattern that can be used here: {Printable.Of(bad.Message)}";
        }
    }

    /// <summary>The pattern for whole values. <c>\d</c> and <c>\w</c> mean ASCII only because values are ASCII before they are matched.</summary>
    public static Regex Build(string pattern) => new($@"\A(?:{pattern})\z", Options, Patience);
}
