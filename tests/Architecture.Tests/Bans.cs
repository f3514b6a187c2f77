using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AptTask.Architecture.Tests;

/// <summary>What the sources must not do and no analyzer looks for. Each ban names the places that break it.</summary>
internal static partial class Bans
{
    private static readonly string[] EmptyNames =
    [
        "Manager",
        "Helper",
        "Helpers",
        "Util",
        "Utils",
        "Utility",
        "Common",
        "Base",
        "Impl",
        "Data",
        "Info",
        "Processor",
    ];

    /// <summary>
    /// A catch of everything, or one that does nothing, without a word on why nothing is lost. A filter that asks for a token or
    /// a type is such a word.
    /// </summary>
    public static IEnumerable<string> SilentCatches(SourceFile file) =>
        file
            .Root.DescendantNodes()
            .OfType<CatchClauseSyntax>()
            .Where(clause => CatchesEverything(clause) || clause.Block.Statements.Count == 0)
            .Where(clause => !ThrowsAgain(clause) && !HasComment(clause))
            .Select(clause => $"{file.At(clause)}: a catch that swallows says in a comment why nothing is lost");

    public static IEnumerable<string> EmptyTypeNames(SourceFile file) =>
        file
            .Root.DescendantNodes()
            .OfType<BaseTypeDeclarationSyntax>()
            .Where(type => EmptyNames.Any(name => type.Identifier.Text.EndsWith(name, StringComparison.Ordinal)))
            .Select(type =>
                $"{file.At(type)}: {type.Identifier.Text} has a name that fits anything, so it says nothing"
            );

    public static IEnumerable<string> UnfinishedWork(SourceFile file) =>
        file
            .Comments.Where(comment => UnfinishedMark().IsMatch(comment.ToString()))
            .Select(comment =>
                $"{file.Path}: \"{comment.ToString().Trim()}\" belongs into an issue, with a test of today's behaviour"
            )
            .Concat(
                file.Root.DescendantNodes()
                    .OfType<IdentifierNameSyntax>()
                    .Where(name => name.Identifier.Text == nameof(NotImplementedException))
                    .Select(name => $"{file.At(name)}: not written yet")
            );

    public static IEnumerable<string> Regions(SourceFile file) =>
        file
            .Root.DescendantTrivia(descendIntoTrivia: true)
            .Where(trivia => trivia.IsKind(SyntaxKind.RegionDirectiveTrivia))
            .Select(_ => $"{file.Path}: a region hides a second thing that the file has become");

    public static IEnumerable<string> AsyncVoid(SourceFile file) =>
        file
            .Root.DescendantNodes()
            .OfType<MethodDeclarationSyntax>()
            .Where(method =>
                method.Modifiers.Any(SyntaxKind.AsyncKeyword)
                && method.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword }
            )
            .Select(method => $"{file.At(method)}: nobody can wait for {method.Identifier.Text} or see it fail");

    public static IEnumerable<string> WaitsForATime(SourceFile file) =>
        file
            .Root.DescendantNodes()
            .OfType<InvocationExpressionSyntax>()
            .Where(call => call.Expression.ToString() is "Thread.Sleep" or "System.Threading.Thread.Sleep")
            .Select(call => $"{file.At(call)}: wait for a condition, not for a time");

    /// <summary>The words <c>docs/….md</c> in sources that lead nowhere.</summary>
    public static IEnumerable<string> LostDocuments(SourceFile file) =>
        file
            .Comments.SelectMany(comment => DocumentPath().Matches(comment.ToString()))
            .Select(match => match.Value)
            .Where(path => !Repository.Files.Contains(path))
            .Select(path => $"{file.Path}: there is no {path}");

    private static bool CatchesEverything(CatchClauseSyntax clause) =>
        clause.Filter is null && clause.Declaration?.Type.ToString() is null or "Exception" or "System.Exception";

    private static bool ThrowsAgain(CatchClauseSyntax clause) =>
        clause.Block.DescendantNodes().Any(node => node is ThrowStatementSyntax or ThrowExpressionSyntax);

    private static bool HasComment(CatchClauseSyntax clause) =>
        clause.DescendantTrivia().Concat(clause.GetLeadingTrivia()).Any(SourceFile.IsComment);

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex UnfinishedMark();

    [GeneratedRegex(@"\bdocs/[\w./-]+\.md\b", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex DocumentPath();
}
