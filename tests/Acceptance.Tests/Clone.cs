namespace AptTask.Acceptance.Tests;

/// <summary>The clone that the tests run in, and what was built in it.</summary>
internal static class Clone
{
    public static string Root { get; } = FindRoot();

    /// <summary>The configuration that the tests were built in, as the name of its output folder.</summary>
    public static string Flavour { get; } = new DirectoryInfo(AppContext.BaseDirectory).Name;

    public static string Daemon => Path.Combine(Root, "artifacts", "bin", "Host", Flavour, "aptaskd.dll");

    public static string Output(string project) => Path.Combine(Root, "artifacts", "bin", project, Flavour);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "global.json")))
            folder =
                Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Run the tests from a clone.");
        return folder;
    }
}
