using System.Diagnostics;
using AptTask.Host.Configuration;
using AptTask.Host.Execution.Commands;
using AptTask.Host.Execution.Sandbox;
using AptTask.Host.Tests.Commands;

namespace AptTask.Host.Tests.Sandbox;

/// <summary>Machines on which a fence cannot be had.</summary>
public sealed class MissingToolsTests
{
    [Theory] // 65
    [InlineData("/nowhere/bwrap", "install the package bubblewrap")]
    [InlineData("/etc/passwd", "not there or not executable")]
    [InlineData("/usr/bin/true", "without")]
    [InlineData("/usr/bin/false", "without")]
    [InlineData("/usr/bin/env", "could not be built")]
    public async Task A_bwrap_that_is_missing_or_none_is_found_out(string bwrap, string why)
    {
        var request = FenceRun.Request(SandboxProfile.Isolated) with
        {
            Tools = FenceRun.Options with { Bwrap = bwrap },
        };

        var wrong = await FenceProbe.TryAsync(request, TimeProvider.System);

        Assert.Contains(why, wrong!, StringComparison.Ordinal);
    }

    [Fact] // 65
    public async Task A_bwrap_that_others_could_change_is_not_used()
    {
        var copy = Path.Combine(Directory.CreateTempSubdirectory("aptask-tools-").FullName, "bwrap");
        File.Copy("/usr/bin/true", copy);
        File.SetUnixFileMode(copy, (UnixFileMode)0x1FF);
        var request = FenceRun.Request(SandboxProfile.Isolated) with { Tools = FenceRun.Options with { Bwrap = copy } };

        var wrong = await FenceProbe.TryAsync(request, TimeProvider.System);

        Assert.Contains("others could change what may run", wrong!, StringComparison.Ordinal);
    }

    [Fact]
    public void Root_is_not_put_into_a_fence_that_would_not_hold_it() =>
        Assert.Contains(
            "no fence with namespaces holds root",
            FenceCheck.Refuse(
                FenceRun.Request(SandboxProfile.Isolated) with
                {
                    User = new Subject("root", 0, 0),
                },
                isRoot: true
            )!,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("bwrap: Unknown option --disable-userns", "older than 0.8")]
    [InlineData(
        "bwrap: Creating new namespace failed: nesting depth or /proc/sys/user/max_*_namespaces exceeded (ENOSPC)",
        "user.max_user_namespaces"
    )]
    [InlineData("bwrap: No permissions to create new namespace, likely because", "kernel.unprivileged_userns_clone")]
    [InlineData("bwrap: setting up uid map: Permission denied", "AppArmor")]
    [InlineData("bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted", "AppArmor")]
    [InlineData("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "systempaths=unconfined")]
    [InlineData("bwrap: Creating new namespace failed: Operation not permitted", "forbids namespaces")]
    [InlineData("bwrap: execvp /opt/x: No such file or directory", "bind_ro")]
    [InlineData("", "without a word")]
    public void Known_messages_come_with_what_can_be_done(string message, string remedy) =>
        Assert.Contains(remedy, Remedies.Explain(message), StringComparison.Ordinal);

    [Fact]
    public void A_message_that_nobody_knows_is_shown_as_it_is_without_what_a_terminal_would_obey() =>
        Assert.Equal("the fence could not be built: bwrap: odd\\u001b[2J", Remedies.Explain("bwrap: odd\u001b[2J\n"));

    [Fact] // 66
    public async Task Where_user_namespaces_are_forbidden_the_fence_says_so_with_the_remedy()
    {
        Needs.Of("bwrap", "userns");
        string[] forbidding = ["/usr/bin/bwrap", "--unshare-user", "--disable-userns", "--dev-bind", "/", "/", "--"];

        var outcome = await FenceRun.RunAsync(
            FenceRun.Request(SandboxProfile.Isolated),
            ["/usr/bin/echo", "weaker"],
            line =>
                [.. line[..line.IndexOf("/usr/bin/bwrap")], .. forbidding, .. line[line.IndexOf("/usr/bin/bwrap")..]]
        );

        Assert.Equal("", outcome.Output);
        Assert.Null(outcome.End.Status.ExitCode);
        Assert.Contains("user.max_user_namespaces", Remedies.Explain(outcome.Errors), StringComparison.Ordinal);
    }

    [Fact] // 66
    public async Task Where_proc_is_masked_as_in_a_container_the_doctor_says_so_with_the_remedy()
    {
        Needs.Of("bwrap", "userns", "root");
        Assert.SkipUnless(Directory.Exists("/proc/acpi"), "nothing to mask");

        var said = await DoctorAsync(
            "/usr/bin/unshare",
            "--mount",
            "/bin/sh",
            "-c",
            "mount -t tmpfs none /proc/acpi && exec \"$@\"",
            "sh"
        );

        Assert.Matches("missing +fence isolated +.*systempaths=unconfined", said);
        Assert.Matches("ok +fence limits", said);
    }

    private static async Task<string> DoctorAsync(params string[] around)
    {
        using var copy = new OpenCopy();
        await File.WriteAllTextAsync(Path.Combine(copy.Folder, "aptask.toml"), "");
        string[] doctor =
        [
            "/usr/bin/env",
            "DOTNET_CLI_HOME=" + copy.Folder,
            "dotnet",
            Path.Combine(copy.Folder, "aptaskd.dll"),
            "doctor",
            "--set",
            "whitelist.file=",
            "--config",
            Path.Combine(copy.Folder, "aptask.toml"),
        ];
        using var process = Process.Start(
            new ProcessStartInfo(around[0], [.. around[1..], .. doctor])
            {
                WorkingDirectory = "/",
                RedirectStandardOutput = true,
            }
        )!;
        var said = await process.StandardOutput.ReadToEndAsync().WaitAsync(Bench.Patience);
        await process.WaitForExitAsync();
        return said;
    }
}
