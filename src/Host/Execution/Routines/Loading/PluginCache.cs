using System.Security.Cryptography;
using System.Text;

namespace AptTask.Host.Execution.Routines.Loading;

/// <summary>
/// Copies of plugins, each in a folder named after its content. Assemblies are mapped into memory from here and never from a drop
/// folder: a mapped file that somebody truncates ends the whole process.
/// </summary>
internal sealed class PluginCache(string folder)
{
    private const int FileLimit = 5_000;
    private const long SizeLimit = 1024L * 1024 * 1024;
    private const int BufferSize = 128 * 1024;

    /// <summary>The hash of a folder as it is now.</summary>
    /// <exception cref="IOException">It cannot be read, or is too large.</exception>
    public static string Hash(string source) => Digest(source, FilesOf(source), copyTo: null);

    /// <summary>Copies a folder, or finds the copy that is there.</summary>
    /// <exception cref="IOException">It cannot be read, or is too large.</exception>
    public PluginFiles Take(string name, string source)
    {
        Directory.CreateDirectory(folder);
        var fresh = Path.Combine(folder, $".new-{Guid.NewGuid():N}");
        try
        {
            // Named by what was copied and not by what was there before or after: the source may change meanwhile.
            var hash = Digest(source, FilesOf(source), fresh);
            var place = Path.Combine(folder, $"{name}-{hash[..32]}");
            if (!IsWhole(place, hash))
                Replace(place, fresh, hash);
            return new PluginFiles(name, hash, source, place);
        }
        finally
        {
            Remove(fresh);
        }
    }

    /// <summary>Removes copies that nothing refers to.</summary>
    public void Sweep(IEnumerable<string> keep)
    {
        if (!Directory.Exists(folder))
            return;
        var kept = keep.Select(Path.GetFullPath).ToHashSet();
        foreach (
            var copy in Directory.EnumerateDirectories(folder).Where(copy => !kept.Contains(Path.GetFullPath(copy)))
        )
            Remove(copy);
    }

    private static bool IsWhole(string place, string hash)
    {
        try
        {
            return Directory.Exists(place) && Hash(place) == hash;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // Moved and never written over: whatever is wrong with the old copy, it may be mapped.
    private void Replace(string place, string fresh, string hash)
    {
        try
        {
            if (Directory.Exists(place))
                Directory.Move(place, Path.Combine(folder, $".old-{Guid.NewGuid():N}"));
            Directory.Move(fresh, place);
        }
        // Another process of the same site may have made the same copy in the meantime.
        catch (IOException) when (IsWhole(place, hash)) { }
    }

    private static string Digest(string source, IReadOnlyList<string> files, string? copyTo)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var left = SizeLimit;
        if (copyTo is not null)
            Directory.CreateDirectory(copyTo);
        foreach (var file in files)
        {
            using var one = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using (var from = File.OpenRead(Path.Combine(source, file)))
            using (var to = copyTo is null ? Stream.Null : Create(Path.Combine(copyTo, file)))
                left -= Copy(from, to, one, left);
            // The length goes first, so that no name can pass for a part of another file.
            whole.AppendData(Encoding.UTF8.GetBytes($"{file.Length}:{file}\n"));
            whole.AppendData(one.GetHashAndReset());
        }
        return Convert.ToHexStringLower(whole.GetHashAndReset());
    }

    private static long Copy(Stream from, Stream to, IncrementalHash hash, long left)
    {
        var buffer = new byte[BufferSize];
        long copied = 0;
        int read;
        while ((read = from.Read(buffer)) > 0)
        {
            copied += read;
            if (copied > left)
                throw new IOException(
                    $"The folder holds more than the {SizeLimit / 1024 / 1024} MiB that a plugin may have."
                );
            hash.AppendData(buffer, 0, read);
            to.Write(buffer, 0, read);
        }
        return copied;
    }

    private static FileStream Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.Create(path);
    }

    private static List<string> FilesOf(string source)
    {
        var files = new List<string>();
        Collect(new DirectoryInfo(source), "");
        files.Sort(StringComparer.Ordinal);
        return files;

        void Collect(DirectoryInfo directory, string prefix)
        {
            foreach (var entry in directory.EnumerateFileSystemInfos())
            {
                var path = prefix + entry.Name;
                if (entry is DirectoryInfo { LinkTarget: not null })
                    throw new IOException($"{path} is a link to a folder; a plugin's folder holds its files itself.");
                if (entry is DirectoryInfo inner)
                    Collect(inner, path + "/");
                else if (IsPart(entry))
                    files.Add(path);
                if (files.Count > FileLimit)
                    throw new IOException($"The folder holds more than the {FileLimit} files that a plugin may have.");
            }
        }
    }

    // Written by builds of a developer: they lead the loader to folders outside of the copy.
    private static bool IsPart(FileSystemInfo file) =>
        !file.Name.EndsWith(".runtimeconfig.dev.json", StringComparison.OrdinalIgnoreCase);

    private static void Remove(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
        }
        catch (IOException)
        {
            // Only space is lost; the next sweep tries again.
        }
        catch (UnauthorizedAccessException)
        {
            // The same.
        }
    }
}
