namespace AptTask.Host.Execution.Sandbox;

/// <summary>A file or folder of the machine that can be seen inside a fence.</summary>
/// <param name="Source">Its absolute path on the machine.</param>
/// <param name="Destination">Its absolute path inside.</param>
internal readonly record struct Bind(string Source, string Destination)
{
    /// <summary>The same path inside.</summary>
    public static Bind Same(string path) => new(path, path);
}
