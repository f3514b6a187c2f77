using System.Xml.Linq;

namespace AptTask.Architecture.Tests;

/// <summary>The source tree as it lies on disk, without what a build or a run leaves in it.</summary>
internal static class Repository
{
    private static readonly HashSet<string> Made = new(StringComparer.Ordinal)
    {
        ".git",
        ".vs",
        ".idea",
        "artifacts",
        "TestResults",
        "bin",
        "obj",
        "node_modules",
        "var",
        "__pycache__",
        "StrykerOutput",
        "BenchmarkDotNet.Artifacts",
    };

    public static string Root { get; } = FindRoot();

    /// <summary>Every file, as a path from the root with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(Root).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> FilesUnder(string folder, string extension) =>
        Files.Where(file =>
            file.StartsWith(folder + "/", StringComparison.Ordinal)
            && file.EndsWith(extension, StringComparison.Ordinal)
        );

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>The one value of an element of a project or properties file; null if it is not there.</summary>
    public static string? Property(string file, string element) =>
        XDocument.Parse(Read(file)).Descendants(element).SingleOrDefault()?.Value;

    /// <summary>The names of the packages that may be used, as the central file lists them.</summary>
    public static IReadOnlyList<string> Packages { get; } =
    [
        .. XDocument
            .Parse(Read("Directory.Packages.props"))
            .Descendants()
            .Where(element => element.Name.LocalName is "PackageVersion" or "GlobalPackageReference")
            .Select(element => element.Attribute("Include")!.Value),
    ];

    private static IEnumerable<string> Walk(string folder) =>
        Directory
            .EnumerateDirectories(folder)
            .Where(child => !Made.Contains(Path.GetFileName(child)))
            .SelectMany(Walk)
            .Concat(
                Directory.EnumerateFiles(folder).Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            );

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "global.json")))
        {
            folder =
                Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException(
                    $"No folder above {AppContext.BaseDirectory} has a global.json: run the tests from a clone."
                );
        }

        return folder;
    }
}
