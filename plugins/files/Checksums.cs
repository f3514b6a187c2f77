using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using AptTask.Plugin;

namespace Files;

/// <summary>Checksums of files.</summary>
public static class Checksums
{
    private const int BufferSize = 256 * 1024;

    /// <summary>Checksums of files.</summary>
    [Routine("files.checksum", Idempotent = true), Description("Computes the checksums of files.")]
    public static async Task<IReadOnlyList<Checksum>> ComputeAsync(
        [Description("The files.")] [Required] string[] paths,
        RoutineContext context,
        CancellationToken stop,
        [Description("How.")] Algorithm algorithm = Algorithm.Sha256
    )
    {
        var files = Array.ConvertAll(paths, Existing);
        var progress = new Progress(context, files.Sum(file => file.Length));
        var sums = new List<Checksum>();
        foreach (var file in files)
            sums.Add(
                new Checksum(file.ToString(), await OfAsync(file.FullName, algorithm, progress, stop), file.Length)
            );
        return sums;
    }

    internal static async Task<string> OfAsync(
        string path,
        Algorithm algorithm,
        Progress progress,
        CancellationToken stop
    )
    {
        using var hash = IncrementalHash.CreateHash(NameOf(algorithm));
        await using var stream = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            1,
            useAsync: true
        );
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await stream.ReadAsync(buffer, stop)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            progress.Add(read, path);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static FileInfo Existing(string path) =>
        File.Exists(path) ? new FileInfo(path) : throw new RoutineFailedException($"There is no file '{path}'.");

    private static HashAlgorithmName NameOf(Algorithm algorithm) =>
        algorithm switch
        {
            Algorithm.Md5 => HashAlgorithmName.MD5,
            Algorithm.Sha1 => HashAlgorithmName.SHA1,
            Algorithm.Sha512 => HashAlgorithmName.SHA512,
            _ => HashAlgorithmName.SHA256,
        };
}
