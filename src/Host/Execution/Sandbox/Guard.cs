using System.Diagnostics;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>
/// A tiny process that waits for the daemon to die and then kills what it has started and left behind. A parent-death
/// signal reaches a command itself but not what the command has started; the guard finds that by the mark in its environment.
/// It holds no rights that the daemon does not have and reads nothing but the end of its input.
/// </summary>
internal sealed class Guard(string owner)
{
    /// <summary>What it is made of.</summary>
    public const string Requirements = "/bin/sh, /usr/bin/setsid and grep";

    private const string Shell = "/bin/sh";
    private const string Setsid = "/usr/bin/setsid";

    /// <summary>Constant text; the owner is an argument. Rounds are bounded, so that a process that cannot die does not keep it.</summary>
    private const string Script = """
        read -r end
        round=0
        while [ $round -lt 100 ]; do
          found=
          for file in $(grep -l -s -z "^APTASK_JOB=$1\." /proc/[0-9]*/environ); do
            pid=${file#/proc/}
            kill -KILL "${pid%/environ}" 2>/dev/null && found=1
          done
          [ -n "$found" ] || exit 0
          round=$((round + 1))
        done
        """;

    private Process? _process;

    /// <summary>Whether it can be had here.</summary>
    public static bool IsPossible =>
        File.Exists(Shell) && File.Exists(Setsid) && (File.Exists("/usr/bin/grep") || File.Exists("/bin/grep"));

    /// <summary>Whether it is there.</summary>
    public bool IsWatching => _process is { HasExited: false };

    /// <summary>Starts it if it is not there. Called by the spawner's thread alone.</summary>
    public void Watch()
    {
        if (IsWatching || !IsPossible)
            return;
        _process?.Dispose();
        // A session of its own, so that a Ctrl-C meant for the daemon does not end it first.
        var start = new ProcessStartInfo(Setsid)
        {
            // Its output goes to us, so that it never holds the terminal or a pipe of whoever started the daemon.
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in new[] { Shell, "-c", Script, "aptask-guard", owner })
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        _process = Process.Start(start);
    }

    /// <summary>Lets it believe that the daemon has died, and waits until it has done its work.</summary>
    public async Task ReleaseAsync()
    {
        if (_process is not { } process)
            return;
        process.StandardInput.Close();
        await process.WaitForExitAsync();
    }
}
