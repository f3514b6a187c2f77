using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using AptTask.Protocol;

namespace AptTask.Cli.Tests;

/// <summary>Reads <c>docs/cli.md</c> and compares it with the code.</summary>
public sealed partial class DescriptionTests
{
    private static readonly string Description = File.ReadAllText(Find());

    [Fact]
    public void Every_exit_code_is_described() =>
        Assert.Equal(
            typeof(ExitCodes)
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => (int)field.GetRawConstantValue()!)
                .Order(),
            ExitCodeRow()
                .Matches(Description)
                .Select(match => int.Parse(match.Groups["code"].Value, CultureInfo.InvariantCulture))
        );

    [Fact]
    public void Every_request_is_named()
    {
        foreach (var name in RequestNames.All)
            Assert.Contains($"`{name}`", Description, StringComparison.Ordinal);
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AptTask.sln")))
                return Path.Combine(folder.FullName, "docs", "cli.md");
        }
        throw new DirectoryNotFoundException("No folder above the tests holds AptTask.sln.");
    }

    [GeneratedRegex(@"^\| (?<code>\d+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExitCodeRow();
}
