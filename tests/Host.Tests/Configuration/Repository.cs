namespace AptTask.Host.Tests.Configuration;

/// <summary>The source tree that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string File(string relative) => Path.Combine(Root, relative);

    private static string Find(string folder)
    {
        while (!System.IO.File.Exists(Path.Combine(folder, "AptTask.sln")))
            folder =
                Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No AptTask.sln above the tests.");
        return folder;
    }
}
