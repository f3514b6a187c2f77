using System.Text.RegularExpressions;

namespace AptTask.Architecture.Tests;

/// <summary>What the documents name is there, so that prose cannot rot unread.</summary>
public sealed partial class DocsTests
{
    // Files that come to be on a user's machine, or that a reader is asked to write.
    private static readonly HashSet<string> NotInTheRepository = new(StringComparer.Ordinal)
    {
        "keys.toml",
        "appsettings.json",
    };

    public static TheoryData<string> Documents => [.. Document.All.Select(document => document.Path)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_file_named_in_a_document_exists(string path) =>
        Complaints.AssertNone(
            Find(path)
                .InlineCode.Where(IsPath)
                .Where(named => !IsFile(named, Path.GetDirectoryName(path)!.Replace('\\', '/')))
        );

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_type_named_in_a_document_exists(string path) =>
        Complaints.AssertNone(
            Find(path)
                .InlineCode.Where(code => !IsPath(code))
                .Select(code => TypeName().Match(code))
                .Where(match => match.Success)
                .Select(match => match.Groups["name"].Value)
                .Where(name => !KnownNames.Contains(name))
        );

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_verb_named_in_a_document_exists(string path)
    {
        var document = Find(path);
        var verbs = document
            .InlineCode.Concat(document.CodeBlocks)
            .SelectMany(code => Verb().Matches(code))
            .Select(match => (Program: match.Groups["program"].Value, Name: match.Groups["verb"].Value))
            .Distinct();

        Complaints.AssertNone(
            verbs
                .Where(verb => !Product.StringsOf(Product.Assembly(verb.Program)).Contains(verb.Name))
                .Select(verb => $"{verb.Program} {verb.Name}")
        );
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_request_shown_in_a_document_exists(string path)
    {
        var known = Product.Assemblies.SelectMany(Product.StringsOf).ToHashSet(StringComparer.Ordinal);
        var document = Find(path);
        var requests = document
            .InlineCode.Concat(document.CodeBlocks)
            .SelectMany(code => Request().Matches(code))
            .Select(match => match.Groups["request"].Value);

        Complaints.AssertNone(requests.Where(request => !known.Contains(request)));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_relative_link_leads_somewhere(string path) =>
        Complaints.AssertNone(Find(path).RelativeLinks.Where(link => !Leads(link, path)));

    [Fact]
    public void Every_package_has_its_line_of_reason_and_no_line_is_left_over()
    {
        var reasons = Find("docs/dependencies.md")
            .Text.Split('\n')
            .Select(line => TableRow().Match(line))
            .Where(match => match.Success)
            .ToDictionary(match => match.Groups["package"].Value, match => match.Groups["reason"].Value.Trim());

        Assert.Equal(Repository.Packages.Order(StringComparer.Ordinal), reasons.Keys.Order(StringComparer.Ordinal));
        Assert.All(reasons, reason => Assert.True(reason.Value.Length > 20, $"{reason.Key} has no reason."));
    }

    [Fact]
    public void Every_test_named_among_the_hostile_inputs_exists_and_every_row_names_one()
    {
        var tests = Repository
            .FilesUnder("tests", ".cs")
            .SelectMany(file => TestMethod().Matches(Repository.Read(file)))
            .Select(match => match.Groups["name"].Value)
            .ToHashSet(StringComparer.Ordinal);
        var rows = Find("docs/hostile-inputs.md")
            .Text.Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Where(line =>
                !line.StartsWith("| ---", StringComparison.Ordinal)
                && !line.StartsWith("| input", StringComparison.Ordinal)
            )
            .Select(line =>
                (Line: line, Tests: NamedTest().Matches(line).Select(match => match.Groups["name"].Value).ToList())
            )
            .ToList();

        Assert.True(rows.Count > 30, $"Only {rows.Count} rows were found.");
        Complaints.AssertNone(rows.Where(row => row.Tests.Count == 0).Select(row => $"No test: {row.Line}"));
        Complaints.AssertNone(rows.SelectMany(row => row.Tests).Where(name => !tests.Contains(name)));
    }

    [Fact]
    public void The_changelog_begins_with_what_is_not_released_yet_or_with_this_version()
    {
        var version = Repository.Property("Directory.Build.props", "Version");
        var first = Find("CHANGELOG.md")
            .Text.Split('\n')
            .First(line => line.StartsWith("## ", StringComparison.Ordinal));

        Assert.True(
            first == "## [Unreleased]" || first.StartsWith($"## [{version}] - ", StringComparison.Ordinal),
            first
        );
    }

    private static Document Find(string path) => Document.All.Single(document => document.Path == path);

    private static bool IsPath(string code)
    {
        if (!PathLike().IsMatch(code) || NotInTheRepository.Contains(code))
            return false;
        var first = code.Split('/')[0];
        var isOurs = Repository.Files.Any(file =>
            file == first || file.StartsWith(first + "/", StringComparison.Ordinal)
        );
        return code.Contains('/', StringComparison.Ordinal) && isOurs || SourceExtension().IsMatch(code);
    }

    private static bool IsFile(string named, string folder)
    {
        var path = named.TrimEnd('/');
        var pattern = "(^|/)" + Regex.Escape(path).Replace("\\*", "[^/]*", StringComparison.Ordinal) + "(/|$)";
        return Repository.Files.Any(file =>
            Regex.IsMatch(file, pattern, RegexOptions.None, TimeSpan.FromSeconds(5))
            || file == (folder.Length == 0 ? path : $"{folder}/{path}")
        );
    }

    private static bool Leads(string link, string from)
    {
        var parts = link.Split('#', 2);
        var target = parts[0].Length == 0 ? from : Resolve(parts[0], from);
        if (
            !File.Exists(Path.Combine(Repository.Root, target))
            && !Directory.Exists(Path.Combine(Repository.Root, target))
        )
            return false;
        return parts.Length == 1 || Find(target).Anchors.Contains(parts[1]);
    }

    private static string Resolve(string link, string from)
    {
        var folder = Path.Combine(Repository.Root, Path.GetDirectoryName(from)!);
        return Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(folder, link))).Replace('\\', '/');
    }

    [GeneratedRegex(@"^[\w.@*-]+(/[\w.@*-]+)*/?$", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex PathLike();

    [GeneratedRegex(
        @"^[^.].*\.(cs|csproj|props|targets|sln|md|toml|json|ndjson|sh|py|php|js|yml|txt)$",
        RegexOptions.ExplicitCapture,
        5_000
    )]
    private static partial Regex SourceExtension();

    [GeneratedRegex(
        @"^(?!([KMGT]iB)$)(?<name>[A-Z][A-Za-z0-9]*(?<=[a-z][A-Za-z0-9]*)(\.[A-Z][A-Za-z0-9]*)*)(<[A-Za-z, ?\[\]<>]+>)?(\(.*\))?$",
        RegexOptions.ExplicitCapture,
        5_000
    )]
    private static partial Regex TypeName();

    [GeneratedRegex(@"(?<![\w/.-])(?<program>aptaskd?) (?<verb>[a-z][a-z-]*)", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Verb();

    [GeneratedRegex(@"""request""\s*:\s*""(?<request>\w+)""", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Request();

    // A fact or theory in a file of tests: a method whose name is a sentence.
    [GeneratedRegex(@"\bpublic (async Task|Task|void) (?<name>[A-Z]\w*_\w+)\(", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"`(?<name>[A-Z]\w*_\w+)`", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"^\|\s*`(?<package>[\w.]+)`\s*\|(?<reason>.+)\|\s*$", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex TableRow();
}
