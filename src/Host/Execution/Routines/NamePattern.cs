using System.Text.RegularExpressions;

namespace AptTask.Host.Execution.Routines;

/// <summary>A pattern of names in which <c>*</c> stands for any run of characters.</summary>
internal sealed class NamePattern(string text)
{
    private readonly Regex _pattern = new(
        $@"\A{Regex.Escape(text).Replace(@"\*", ".*", StringComparison.Ordinal)}\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    );

    /// <summary>As it was written.</summary>
    public string Text => text;

    /// <summary>Whether a name fits.</summary>
    public bool Matches(string name) => _pattern.IsMatch(name);
}
