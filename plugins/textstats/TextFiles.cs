using System.Runtime.CompilerServices;
using AptTask.Plugin;

namespace TextStats;

/// <summary>Reads text files one after the other, and says how far it is by their lengths.</summary>
internal static class TextFiles
{
    private const long LargestFile = 256L * 1024 * 1024;

    private static readonly EnumerationOptions Deeply = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    public static async IAsyncEnumerable<TextFile> ReadAsync(
        string[] paths,
        string pattern,
        RoutineContext context,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        var files = paths.SelectMany(path => Expand(path, pattern)).DistinctBy(file => file.FullName).ToList();
        var all = files.Sum(file => file.Length);
        long done = 0;
        foreach (var file in files)
        {
            if (file.Length > LargestFile)
                throw new DoNotRetryException(
                    $"{file} is longer than the {LargestFile / 1024 / 1024} MiB that are read of a text file."
                );
            context.Report(all == 0 ? 0 : (double)done / all, file.Name);
            yield return new TextFile(file.ToString(), await File.ReadAllTextAsync(file.FullName, stop), file.Length);
            done += file.Length;
        }
        context.Report(1, $"{files.Count} files read");
    }

    private static IEnumerable<FileInfo> Expand(string path, string pattern)
    {
        if (Directory.Exists(path))
        {
            return Directory
                .EnumerateFiles(path, pattern, Deeply)
                .Order(StringComparer.Ordinal)
                .Select(file => new FileInfo(file));
        }
        return File.Exists(path)
            ? [new FileInfo(path)]
            : throw new RoutineFailedException(
                $"There is no file or folder '{path}' (seen from {Directory.GetCurrentDirectory()})."
            );
    }
}
