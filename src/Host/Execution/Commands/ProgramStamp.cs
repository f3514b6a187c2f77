using Tmds.Linux;

namespace AptTask.Host.Execution.Commands;

/// <summary>Tells whether a program is still the file that was allowed: same place, same inode, same time of change.</summary>
/// <param name="RealPath">Where its path led.</param>
/// <param name="Device">On which device.</param>
/// <param name="Inode">Which file there.</param>
/// <param name="Changed">When its content changed last, in nanoseconds.</param>
internal sealed record ProgramStamp(string RealPath, ulong Device, ulong Inode, long Changed)
{
    /// <summary>The stamp of a program as it is now; null when it is not there.</summary>
    public static unsafe ProgramStamp? Of(string path)
    {
        if (Configuration.RealPath.Of(path) is not { } real)
            return null;
        var bytes = System.Text.Encoding.UTF8.GetBytes(real + '\0');
        stat status;
        fixed (byte* name = bytes)
        {
            if (LibC.stat(name, &status) != 0)
                return null;
        }
        var changed = (long)status.st_mtim.tv_sec * 1_000_000_000 + (long)status.st_mtim.tv_nsec;
        return new ProgramStamp(real, (ulong)status.st_dev, (ulong)status.st_ino, changed);
    }
}
