using System.Text.RegularExpressions;

namespace AptTask.Protocol.Tests;

/// <summary>Reads <c>docs/protocol.md</c> and compares it with the code.</summary>
public sealed partial class DescriptionTests
{
    private static readonly string Description = File.ReadAllText(Find("docs/protocol.md"));

    [Fact]
    public void Every_code_is_described_and_every_described_code_exists() =>
        Assert.Equal(ErrorCodes.All, FirstColumn(Section("## Codes")));

    [Fact]
    public void Every_request_is_described_and_every_described_request_exists() =>
        Assert.Equal(
            RequestNames.All,
            RequestHeading().Matches(Section("## The requests")).Select(match => match.Groups["name"].Value)
        );

    [Fact]
    public void Every_field_is_described_and_every_described_field_exists()
    {
        Assert.Equal(
            FieldTable.NamesOf(RequestShape.CommonFields).Order(),
            FirstColumn(Section("## Requests and answers")).Order()
        );
        foreach (var shape in RequestShapes.All)
        {
            var described = FirstColumn(Until(Section("## The requests"), $"### `{shape.Name}`", "\n### "))
                .Except(ExplainCodes.All.Append("why"));
            Assert.Equal(
                (shape.Name, string.Join(' ', FieldTable.NamesOf(shape.Fields).Order())),
                (shape.Name, string.Join(' ', described.Order()))
            );
        }
    }

    [Fact]
    public void Requests_for_administrators_are_marked()
    {
        foreach (var name in RequestNames.All)
        {
            var text = Until(Section("## The requests"), $"### `{name}`", "\n### ");
            Assert.True(RequestNames.Admin.Contains(name) == text.Contains("*Admin.*", StringComparison.Ordinal), name);
        }
    }

    [Fact]
    public void Every_reason_of_explain_is_described() =>
        Assert.Equal(ExplainCodes.All, FirstColumn(Until(Section("## The requests"), "| `why` |", "\n### ")).Skip(1));

    [Fact]
    public void Every_event_is_described() =>
        Assert.Equal(
            ["event", "state", "report", "posted", "log", "end"],
            FirstColumn(Until(Description, "| `event` |", "\n## "))
        );

    [Fact]
    public void What_the_client_says_in_the_excerpts_is_understood()
    {
        var said = Description
            .Split('\n')
            .Where(line => line.StartsWith("    C: ", StringComparison.Ordinal))
            .Select(line => line[7..])
            .ToList();
        Assert.True(said.Count > 3);
        foreach (var line in said)
            Assert.True(Lines.Read(line).IsRequest, line);
    }

    private static string Section(string heading) => Until(Description, heading + "\n", "\n## ");

    private static string Until(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/protocol.md has no {from}");
        var end = text.IndexOf(to, start + from.Length, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    private static List<string> FirstColumn(string text) =>
        [.. FirstCell().Matches(text).Select(match => match.Groups["name"].Value)];

    private static string Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AptTask.sln")))
                return Path.Combine(folder.FullName, path);
        }
        throw new DirectoryNotFoundException("No folder above the tests holds AptTask.sln.");
    }

    [GeneratedRegex(
        @"^\| `(?<name>[a-z0-9_]+)` \|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex FirstCell();

    [GeneratedRegex(
        @"^### `(?<name>[a-z]+)`$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex RequestHeading();
}
