using System.Runtime.InteropServices;

namespace AptTask.Host.Configuration;

/// <summary>Asks the system where a path really leads, every link followed.</summary>
internal static partial class RealPath
{
    /// <summary>The path without links; null when something on the way is missing or may not be entered.</summary>
    public static string? Of(string path)
    {
        var resolved = Resolve(path, 0);
        if (resolved == 0)
            return null;
        try
        {
            return Marshal.PtrToStringUTF8(resolved);
        }
        finally
        {
            Free(resolved);
        }
    }

    /// <summary>Whether a link stands there, wherever it leads.</summary>
    public static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Resolve(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void Free(nint memory);
}
