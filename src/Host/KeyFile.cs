using System.Text;
using Tmds.Linux;

namespace AptTask.Host;

/// <summary>
/// Adds entries to the file of keys. The file is replaced whole: whoever reads it, or loses power, has the old one or the new one.
/// </summary>
internal static class KeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Adds an entry; makes the file when it is not there. It is on the disk when this returns.</summary>
    /// <exception cref="IOException">The file cannot be read or its folder not be written to; nothing has changed then.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Append(string file, string entry)
    {
        // A link stays a link: what it leads to is replaced.
        var target = new FileInfo(file).LinkTarget is null
            ? Path.GetFullPath(file)
            : File.ResolveLinkTarget(file, returnFinalTarget: true)!.FullName;
        var before = File.Exists(target) ? File.ReadAllText(target) : "";
        var fresh = $"{target}.{Guid.NewGuid():N}.new";
        try
        {
            Write(fresh, before.Length == 0 || before.EndsWith('\n') ? before + entry : $"{before}\n{entry}");
            File.Move(fresh, target, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }

        FlushFolder(Path.GetDirectoryName(target)!);
    }

    private static void Write(string file, string text)
    {
        using var stream = new FileStream(
            file,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            }
        );
        using (var writer = new StreamWriter(stream, leaveOpen: true))
            writer.WriteLine(text);
        stream.Flush(flushToDisk: true);
    }

    // A rename is on the disk when its folder is.
    private static unsafe void FlushFolder(string folder)
    {
        int descriptor;
        fixed (byte* name = Encoding.UTF8.GetBytes(folder + '\0'))
            descriptor = LibC.open(name, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_CLOEXEC);
        if (descriptor < 0)
            throw new IOException($"{folder} cannot be opened to write it to the disk: error {LibC.errno}.");
        try
        {
            if (LibC.fsync(descriptor) != 0)
                throw new IOException($"{folder} cannot be written to the disk: error {LibC.errno}.");
        }
        finally
        {
            _ = LibC.close(descriptor);
        }
    }
}
