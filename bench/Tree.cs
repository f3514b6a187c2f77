namespace AptTask.Bench;

/// <summary>The clone that the benchmarks were built from.</summary>
internal static class Tree
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "global.json")))
        {
            folder =
                Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException(
                    "Run the benchmarks from a clone: no folder above has a global.json."
                );
        }

        return folder;
    }
}
