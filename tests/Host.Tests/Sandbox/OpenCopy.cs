using System.Diagnostics;

namespace AptTask.Host.Tests.Sandbox;

/// <summary>A copy of the tests and the daemon that every user can run: not everybody may enter each place that a clone may be in.</summary>
internal sealed class OpenCopy : IDisposable
{
    private readonly string _top = Directory.CreateTempSubdirectory("aptask-copy-").FullName;

    /// <summary>Makes the copy.</summary>
    /// <param name="owner">Whose it is, as a number; null for whoever makes it.</param>
    public OpenCopy(string? owner = null)
    {
        // Without the scratch folders of tests that run at the same time.
        var entries = Directory.EnumerateFileSystemEntries(AppContext.BaseDirectory);
        Directory.CreateDirectory(Folder);
        Run("/usr/bin/cp", ["-r", .. entries.Where(entry => Path.GetFileName(entry) != "scratch"), Folder]);
        Run("/usr/bin/chmod", "-R", "a+rX", _top);
        if (owner is not null)
            Run("/usr/bin/chown", "-R", $"{owner}:{owner}", _top);
    }

    /// <summary>Where it is.</summary>
    public string Folder => Path.Combine(_top, "copy");

    public void Dispose() => Directory.Delete(_top, recursive: true);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
