using System.Diagnostics;

namespace AptTask.Host.Tests.Sandbox;

public sealed class PlainUserTests
{
    private const string Uid = "54321";

    [Theory]
    [InlineData("EscapeTests")]
    [InlineData("FencedCommandTests")]
    public async Task The_fences_hold_for_a_daemon_that_is_no_root(string tests)
    {
        Needs.Of("root", "bwrap", "userns");
        using var copy = new OpenCopy(Uid);
        var start = new ProcessStartInfo(
            "/usr/bin/setpriv",
            [
                $"--reuid={Uid}",
                $"--regid={Uid}",
                "--clear-groups",
                "/usr/bin/env",
                "HOME=" + copy.Folder,
                "dotnet",
                Path.Combine(copy.Folder, "AptTask.Host.Tests.dll"),
                "-class",
                "*." + tests,
                "-noColor",
            ]
        )
        {
            RedirectStandardOutput = true,
            WorkingDirectory = copy.Folder,
        };
        using var process = Process.Start(start)!;
        var said = await process
            .StandardOutput.ReadToEndAsync()
            .WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        // Not the exit code: where coverage is measured, a process of another user fails when it ends, for it may not write it down.
        Assert.Matches("Total: [1-9][0-9]*, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", said);
    }
}
