using System.Text;
using System.Text.RegularExpressions;

namespace AptTask.Host.Configuration;

/// <summary>
/// Takes one written argument apart. The grammar is small on purpose: a literal, one <c>{name}</c> with literals around it,
/// <c>{name...}</c> alone, or <c>[flag:literal]</c> alone; <c>{{</c> and <c>}}</c> stand for braces. Nothing is expanded.
/// </summary>
internal static partial class TemplateParser
{
    /// <summary>The template, or null with a sentence about what is wrong.</summary>
    public static ArgumentTemplate? Parse(string token, out string? error)
    {
        error = null;
        if (SwitchPattern().Match(token) is { Success: true } flag)
            return Switch(flag.Groups["name"].Value, flag.Groups["text"].Value, out error);

        var literals = new[] { new StringBuilder(), new StringBuilder() };
        string? placeholder = null;
        for (var i = 0; i < token.Length; i++)
        {
            var letter = token[i];
            var isDouble = i + 1 < token.Length && token[i + 1] == letter;
            if (letter is '{' or '}' && isDouble)
            {
                literals[placeholder is null ? 0 : 1].Append(letter);
                i++;
            }
            else if (letter == '}')
            {
                error = "A } closes nothing; a brace that is meant as one is written }}.";
                return null;
            }
            else if (letter != '{')
            {
                literals[placeholder is null ? 0 : 1].Append(letter);
            }
            else if (placeholder is not null)
            {
                error = "An argument holds one placeholder at most.";
                return null;
            }
            else if (token.IndexOf('}', i) is var end and >= 0)
            {
                placeholder = token[(i + 1)..end];
                i = end;
            }
            else
            {
                error = "A { is not closed; a brace that is meant as one is written {{.";
                return null;
            }
        }
        return Build(literals[0].ToString(), placeholder, literals[1].ToString(), out error);
    }

    /// <summary>Whether a parameter may be called so.</summary>
    public static bool IsParameterName(string name) => NamePattern().IsMatch(name);

    private static ArgumentTemplate.Switch? Switch(string name, string text, out string? error)
    {
        error = text.Contains('{') || text.Contains('}') ? "A switch holds a literal and no placeholder." : null;
        return error is null ? new ArgumentTemplate.Switch(name, text) : null;
    }

    private static ArgumentTemplate? Build(string before, string? placeholder, string after, out string? error)
    {
        error = null;
        if (placeholder is null)
            return new ArgumentTemplate.Literal(before);
        var isList = placeholder.EndsWith("...", StringComparison.Ordinal);
        var name = isList ? placeholder[..^3] : placeholder;
        if (!NamePattern().IsMatch(name))
        {
            error =
                $"\"{Printable.Of(placeholder)}\" is not the name of a parameter: lower-case letters, digits and underscores.";
            return null;
        }
        if (!isList)
            return new ArgumentTemplate.Value(before, name, after);
        error =
            before.Length + after.Length > 0
                ? "{" + placeholder + "} stands alone: each item becomes an argument."
                : null;
        return error is null ? new ArgumentTemplate.Each(name) : null;
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,63}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NamePattern();

    [GeneratedRegex(
        @"\A\[(?<name>[a-z][a-z0-9_]{0,63}):(?<text>.*)\]\z",
        RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex SwitchPattern();
}
