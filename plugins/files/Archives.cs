using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Formats.Tar;
using System.IO.Compression;
using AptTask.Plugin;

namespace Files;

/// <summary>Packs folders.</summary>
public static class Archives
{
    private static readonly EnumerationOptions Deeply = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    /// <summary>Packs a folder into one file.</summary>
    [
        Routine("files.archive", Idempotent = true),
        Description("Packs a folder into a zip, tar or tar.gz file. The file appears when it is complete.")
    ]
    public static async Task<Archive> PackAsync(
        [Description("The folder to pack.")] [Required] string source,
        [Description("The file to make: .zip, .tar, .tar.gz or .tgz.")]
        [RegularExpression(@".+\.(zip|tar|tar\.gz|tgz)")]
            string target,
        RoutineContext context,
        CancellationToken stop,
        [Description("Whether a file that is there already is replaced.")] bool overwrite = false
    )
    {
        var folder = Path.GetFullPath(source);
        var place = Path.GetFullPath(target);
        if (!Directory.Exists(folder))
            throw new RoutineFailedException($"There is no folder '{source}'.");
        if (!overwrite && File.Exists(place))
            throw new DoNotRetryException($"'{target}' is there already; \"overwrite\": true replaces it.");
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        // Beside the target, so that the last step is a rename: nobody ever sees half an archive.
        var unfinished = place + ".part";
        try
        {
            var files = Directory
                .EnumerateFiles(folder, "*", Deeply)
                .Where(file => file != place && file != unfinished)
                .Order(StringComparer.Ordinal)
                .ToList();
            var progress = new Progress(context, files.Sum(file => new FileInfo(file).Length));
            await using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
            {
                if (place.EndsWith(".zip", StringComparison.Ordinal))
                    await ZipAsync(stream, folder, files, progress, stop);
                else
                    await TarAsync(stream, place, folder, files, progress, stop);
            }
            File.Move(unfinished, place, overwrite);
            return new Archive(place, files.Count, new FileInfo(place).Length);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static async Task ZipAsync(
        Stream stream,
        string folder,
        List<string> files,
        Progress progress,
        CancellationToken stop
    )
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create);
        foreach (var file in files)
        {
            await using var from = File.OpenRead(file);
            await using (var to = await zip.CreateEntry(NameIn(folder, file)).OpenAsync(stop))
                await from.CopyToAsync(to, stop);
            progress.Add(from.Length, file);
        }
    }

    private static async Task TarAsync(
        Stream stream,
        string place,
        string folder,
        List<string> files,
        Progress progress,
        CancellationToken stop
    )
    {
        await using var packed = place.EndsWith(".tar", StringComparison.Ordinal)
            ? stream
            : new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        await using var tar = new TarWriter(packed, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var file in files)
        {
            await tar.WriteEntryAsync(file, NameIn(folder, file), stop);
            progress.Add(new FileInfo(file).Length, file);
        }
    }

    private static string NameIn(string folder, string file) =>
        Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
}
