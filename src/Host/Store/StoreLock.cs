using System.Globalization;
using System.Text;

namespace AptTask.Host.Store;

/// <summary>
/// The exclusive right to one database file: an OS lock on a file beside it, which ends with the process, however that ends.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="StoreInUseException">Another daemon has it.</exception>
    public static StoreLock Take(string database)
    {
        var owner = database + ".pid";
        FileStream file;
        try
        {
            // Never deleted: a lock on a file that someone else deletes and makes anew would be two locks.
            file = new FileStream(database + ".lock", OwnersOnly(FileAccess.ReadWrite));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException))
        {
            var pid = File.Exists(owner) ? File.ReadAllText(owner).Trim() : "unknown";
            throw new StoreInUseException(
                $"The database {database} belongs to a running daemon (pid {pid}). Stop that one, or set another store.path.",
                e
            );
        }

        try
        {
            using var pid = new FileStream(owner, OwnersOnly(FileAccess.Write));
            pid.SetLength(0);
            pid.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            return new StoreLock(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static FileStreamOptions OwnersOnly(FileAccess access) =>
        new()
        {
            Mode = FileMode.OpenOrCreate,
            Access = access,
            Share = FileShare.None,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
