using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AptTask.Architecture.Tests;

/// <summary>A C# file, parsed.</summary>
internal sealed class SourceFile
{
    private SourceFile(string path, string text)
    {
        Path = path;
        Root = CSharpSyntaxTree
            .ParseText(text, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14))
            .GetRoot();
    }

    public static IReadOnlyList<SourceFile> OfProduct { get; } = [.. In("src"), .. In("plugins")];

    public static IReadOnlyList<SourceFile> OfTests { get; } = [.. In("tests")];

    public string Path { get; }

    public SyntaxNode Root { get; }

    public static SourceFile Parse(string text) => new("Sample.cs", text);

    /// <summary>Where something stands, for a failing test to say.</summary>
    public string At(SyntaxNodeOrToken node) =>
        $"{Path}:{node.GetLocation()!.GetLineSpan().StartLinePosition.Line + 1}";

    public IEnumerable<SyntaxTrivia> Comments =>
        Root.DescendantTrivia(descendIntoTrivia: false).Where(trivia => IsComment(trivia));

    public static bool IsComment(SyntaxTrivia trivia) =>
        trivia.Kind()
            is SyntaxKind.SingleLineCommentTrivia
                or SyntaxKind.MultiLineCommentTrivia
                or SyntaxKind.SingleLineDocumentationCommentTrivia
                or SyntaxKind.MultiLineDocumentationCommentTrivia;

    public override string ToString() => Path;

    private static IEnumerable<SourceFile> In(string folder) =>
        Repository.FilesUnder(folder, ".cs").Select(path => new SourceFile(path, Repository.Read(path)));
}
