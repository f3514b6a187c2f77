using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AptTask.Plugin;

namespace Files;

/// <summary>Finds files with the same content.</summary>
public static class Duplicates
{
    private static readonly EnumerationOptions Deeply = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    /// <summary>Finds files with the same content.</summary>
    [
        Routine("files.duplicates", Idempotent = true),
        Description("Finds files with the same content in a folder and all folders in it, the most wasteful first.")
    ]
    public static async Task<Found> FindAsync(
        [Description("The folder.")] [Required] string folder,
        RoutineContext context,
        CancellationToken stop,
        [Description("Shorter files are left out, in bytes.")] [Range(1, long.MaxValue)] long minBytes = 1,
        [Description("Which files to look at, such as \"*.jpg\".")] string pattern = "*"
    )
    {
        if (!Directory.Exists(folder))
            throw new RoutineFailedException($"There is no folder '{folder}'.");
        context.Report(0, "looking for files of the same length");
        var files = Directory
            .EnumerateFiles(folder, pattern, Deeply)
            .Select(path => new FileInfo(path))
            .Where(file => file.Length >= minBytes)
            .ToList();
        // Only files of the same length can be the same, so most need not be read.
        var alike = files
            .GroupBy(file => file.Length)
            .Where(group => group.Count() > 1)
            .SelectMany(group => group)
            .ToList();
        var progress = new Progress(context, alike.Sum(file => file.Length));
        var sums = new List<(string Sum, FileInfo File)>();
        foreach (var file in alike)
            sums.Add((await Checksums.OfAsync(file.FullName, Algorithm.Sha256, progress, stop), file));

        var sets = sums.GroupBy(pair => pair.Sum)
            .Where(group => group.Count() > 1)
            .Select(group => new DuplicateSet(
                group.First().File.Length,
                [.. group.Select(pair => pair.File.ToString()).Order(StringComparer.Ordinal)]
            ))
            .OrderByDescending(set => set.Wasted)
            .ThenBy(set => set.Paths[0], StringComparer.Ordinal)
            .ToList();
        return new Found(files.Count, sets.Sum(set => set.Wasted), sets);
    }
}
