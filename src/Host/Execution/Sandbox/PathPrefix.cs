namespace AptTask.Host.Execution.Sandbox;

/// <summary>Compares absolute paths as text, part by part.</summary>
internal static class PathPrefix
{
    /// <summary>Whether a path is a folder or lies in it.</summary>
    public static bool IsBelow(string path, string folder) =>
        folder == "/"
        || (
            path.StartsWith(folder, StringComparison.Ordinal)
            && (path.Length == folder.Length || path[folder.Length] == '/')
        );
}
