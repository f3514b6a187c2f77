using System.Text.RegularExpressions;

namespace AptTask.Architecture.Tests;

/// <summary>A Markdown file of the project, taken apart as far as the tests of documents need it.</summary>
internal sealed partial class Document
{
    private Document(string path)
    {
        Path = path;
        Text = Repository.Read(path).ReplaceLineEndings("\n");
        Prose = FencedBlock().Replace(Text, "");
    }

    /// <summary>Every Markdown file that a person reads; generated licences and notices of packages are none.</summary>
    public static IReadOnlyList<Document> All { get; } =
    [
        .. Repository
            .Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))
            .Select(file => new Document(file)),
    ];

    public string Path { get; }

    /// <summary>All of it.</summary>
    public string Text { get; }

    /// <summary>All but the fenced blocks of code.</summary>
    public string Prose { get; }

    public IEnumerable<string> InlineCode =>
        InlineCodeSpan().Matches(Prose).Select(match => match.Groups["code"].Value.Trim());

    public IEnumerable<string> CodeBlocks => FencedBlock().Matches(Text).Select(match => match.Groups["code"].Value);

    /// <summary>The targets of links, without those that lead out of the repository.</summary>
    public IEnumerable<string> RelativeLinks =>
        Link()
            .Matches(InlineCodeSpan().Replace(Prose, ""))
            .Select(match => match.Groups["target"].Value)
            .Where(target =>
                !target.Contains("://", StringComparison.Ordinal)
                && !target.StartsWith("mailto:", StringComparison.Ordinal)
            );

    /// <summary>The names that links to headings of this document use.</summary>
    public IEnumerable<string> Anchors =>
        Heading()
            .Matches(Prose)
            .Select(match => match.Groups["title"].Value.Trim().ToLowerInvariant())
            .Select(title => NotInAnchor().Replace(title, "").Replace(' ', '-'));

    public override string ToString() => Path;

    [GeneratedRegex(
        @"^(?<fence>```+|~~~+)[^\n]*\n(?<code>.*?)^\k<fence>[ ]*$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        5_000
    )]
    private static partial Regex FencedBlock();

    [GeneratedRegex(@"(?<ticks>`+)(?<code>[^`\n]+)\k<ticks>", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex InlineCodeSpan();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)(\s+""[^""]*"")?\)", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^\#{1,6}\s+(?<title>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex NotInAnchor();
}
