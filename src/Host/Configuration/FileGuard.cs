using Tmds.Linux;

namespace AptTask.Host.Configuration;

/// <summary>
/// Looks whether anybody but root and the daemon's own user could change a file: the file itself, and every folder
/// above its real path, because whoever may rename a folder may put another file in its place.
/// </summary>
internal sealed class FileGuard(FileProtection protection, Findings findings)
{
    private const uint FileKind = 0xF000;
    private const uint RegularFile = 0x8000;
    private const uint Folder = 0x4000;
    private const uint OthersMayWrite = 0x12; // 022
    private const uint OthersMayAnything = 0x3F; // 077
    private const uint Executable = 0x49; // 0111
    private const uint Shared = 0x200; // 01000: a folder for everyone, such as /tmp

    /// <summary>What is made of files that others could change.</summary>
    public FileProtection Protection => protection;

    /// <summary>Whether the daemon is root.</summary>
    public bool IsRoot { get; } = System.Environment.IsPrivilegedProcess;

    /// <summary>Reads a file that decides what may run. Null after saying what is wrong.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="isSecret">Others may not even read it.</param>
    public byte[]? Read(string path, bool isSecret)
    {
        var whole = new TextMark(path, 0, 0);
        try
        {
            // A pipe would hold up the open itself; what is exchanged after this look is still seen by the next.
            if (
                OperatingSystem.IsLinux()
                && Stat(path) is { } before
                && ((uint)before.st_mode & FileKind) != RegularFile
            )
            {
                findings.Problem(whole, "This is not a regular file.");
                return null;
            }
            // One open and everything from that handle: the file cannot be exchanged between the look and the reading.
            using var handle = File.OpenHandle(path);
            if (!CheckFile(path, handle.DangerousGetHandle().ToInt32(), whole, isSecret))
                return null;
            CheckFolders(path, whole);
            var length = RandomAccess.GetLength(handle);
            // The text is refused by its length later; this only keeps a huge file out of memory.
            var bytes = new byte[Math.Min(length, TomlSource.MaxBytes + 1)];
            var read = 0;
            while (read < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(read), read) is var count and > 0)
                read += count;
            return bytes[..read];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            findings.Problem(whole, $"The file cannot be read: {Printable.Of(failure.Message)}");
            return null;
        }
    }

    /// <summary>Checks a program. Answers why it cannot be run at all, which need not be a problem.</summary>
    public string? Program(string path, TextMark mark)
    {
        if (path.Length == 0)
            return null;
        if (
            !path.StartsWith('/')
            || path.Contains("/../", StringComparison.Ordinal)
            || path.Contains("/./", StringComparison.Ordinal)
            || path.Contains("//", StringComparison.Ordinal)
        )
        {
            findings.Problem(
                mark,
                $"path must be absolute and plain, not \"{Printable.Of(path)}\".",
                "Programs are never searched for."
            );
            return "its path is not absolute";
        }
        var reason = Missing(path);
        if (reason is not null)
        {
            findings.Protection(
                protection,
                mark,
                $"The program {Printable.Of(path)} {reason}.",
                "Install it, or take the entry out."
            );
            return $"{path} {reason}; install it, or take the entry out";
        }
        Check(path, mark);
        return null;
    }

    /// <summary>Checks that nobody else could change a file or its folders.</summary>
    public unsafe void Check(string path, TextMark mark)
    {
        if (!OperatingSystem.IsLinux() || RealPath.Of(path) is not { } real)
            return;
        if (Stat(real) is { } file)
            CheckOwner(real, file, mark, OthersMayWrite);
        CheckFolders(real, mark);
    }

    private static string? Missing(string path)
    {
        if (RealPath.Of(path) is not { } real)
            return "is not there";
        if (!OperatingSystem.IsLinux())
            return File.Exists(real) ? null : "is not a file";
        if (Stat(real) is not { } file || ((uint)file.st_mode & FileKind) != RegularFile)
            return "is not a file";
        return ((uint)file.st_mode & Executable) == 0 ? "is not executable" : null;
    }

    private unsafe bool CheckFile(string path, int descriptor, TextMark mark, bool isSecret)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        stat status;
        if (LibC.fstat(descriptor, &status) != 0)
            return true;
        if (((uint)status.st_mode & FileKind) != RegularFile)
        {
            findings.Problem(mark, "This is not a regular file.");
            return false;
        }
        CheckOwner(path, status, mark, isSecret ? OthersMayAnything : OthersMayWrite);
        return true;
    }

    private void CheckFolders(string path, TextMark mark)
    {
        if (!OperatingSystem.IsLinux())
            return;
        for (
            var folder = Path.GetDirectoryName(RealPath.Of(path));
            folder is not null;
            folder = Path.GetDirectoryName(folder)
        )
        {
            if (Stat(folder) is { } status && ((uint)status.st_mode & FileKind) == Folder)
                CheckOwner(folder, status, mark, OthersMayWrite);
        }
    }

    private void CheckOwner(string path, stat status, TextMark mark, uint forbidden)
    {
        var uid = (uint)status.st_uid;
        if (uid != 0 && uid != (uint)LibC.geteuid())
            findings.Protection(
                protection,
                mark,
                $"{Printable.Of(path)} belongs to user {uid}, who could change what may run.",
                $"It must belong to root or to the daemon's user: chown root {Printable.Of(path)}"
            );
        var mode = (uint)status.st_mode & 0xFFF;
        if ((mode & forbidden) != 0)
            findings.Protection(
                protection,
                mark,
                $"{Printable.Of(path)} has mode {Convert.ToString(mode, 8)}: others could "
                    + (forbidden == OthersMayAnything ? "read or change it." : "change what may run."),
                // Whoever followed that for /tmp would have broken the machine.
                (mode & Shared) != 0
                    ? $"Everyone is meant to write to {Printable.Of(path)}: put the files somewhere else, such as below /home, /opt or /srv."
                    : $"chmod {(forbidden == OthersMayAnything ? "600" : "go-w")} {Printable.Of(path)}"
            );
    }

    private static unsafe stat? Stat(string path)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(path + '\0');
        stat status;
        fixed (byte* name = bytes)
        {
            return LibC.stat(name, &status) == 0 ? status : null;
        }
    }
}
