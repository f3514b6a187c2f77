using System.Collections.Frozen;

namespace AptTask.Host.Configuration;

/// <summary>Programs that run other programs, or write files, when an argument tells them to.</summary>
internal static class ExecutingPrograms
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "ash awk bash busybox chroot csh curl dash dd dotnet emacs env expect find flock gawk gdb git ionice ksh less lua make man",
        "mawk more mysql nano nice node nohup nsenter openssl perl php pip psql python rsync ruby runuser scp script sed setpriv",
        "setsid sh socat sqlite3 ssh start-stop-daemon stdbuf strace su sudo systemd-run tar tclsh tee time timeout unshare vi vim",
        "watch wget xargs zip zsh",
    }
        .SelectMany(line => line.Split(' '))
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether the program of a path is one of them; version digits do not count.</summary>
    public static bool Contains(string path) =>
        Names.Contains(Path.GetFileName(path).TrimEnd("0123456789.-".ToCharArray()));
}
