using System.Diagnostics;
using AptTask.Host.Configuration;
using AptTask.Host.Execution.Commands;
using AptTask.Host.Execution.Sandbox;
using AptTask.Host.Tests.Commands;

namespace AptTask.Host.Tests.Sandbox;

public sealed class GuardTests
{
    [Fact]
    public async Task What_a_dead_daemon_leaves_behind_is_ended_and_nothing_else()
    {
        var (mine, other) = (Bench.UniqueSeconds(), Bench.UniqueSeconds());
        var owner = Guid.NewGuid().ToString("N");
        var guard = new Guard(owner);
        guard.Watch();
        Assert.True(guard.IsWatching);
        using var first = Leave(mine, $"{owner}.1");
        using var second = Leave(mine, $"{owner}.22");
        using var stranger = Leave(other, $"{owner}x.1");

        // What it sees of a dead daemon is the end of its input.
        await guard.ReleaseAsync();

        await Task.WhenAll(first.WaitForExitAsync(), second.WaitForExitAsync()).WaitAsync(Bench.Patience);
        Assert.Equal((137, 137), (first.ExitCode, second.ExitCode));
        Assert.False(stranger.HasExited);
        stranger.Kill();
        await stranger.WaitForExitAsync();
        Assert.False(guard.IsWatching);
    }

    [Fact]
    public async Task The_doctor_tries_what_can_be_had_here()
    {
        var options = DaemonOptions.Defaults("/x").Sandbox;

        var findings = await Doctor.ExamineAsync(options, TimeProvider.System);

        Assert.Equal(Doctor.Verdict.Good, findings.Single(finding => finding.Subject == "fence limits").Verdict);
        Assert.Equal(Doctor.Verdict.Good, findings.Single(finding => finding.Subject == "fence isolated").Verdict);
        Assert.Equal(Doctor.Verdict.Good, findings.Single(finding => finding.Subject == "orphans").Verdict);
        var broken = await Doctor.ExamineAsync(
            options with
            {
                UseTools = true,
                Setpriv = "/usr/bin/false",
            },
            TimeProvider.System
        );
        Assert.Equal(Doctor.Verdict.Missing, broken.Single(finding => finding.Subject == "fence limits").Verdict);
        Assert.Equal(findings.Length, Doctor.Table(findings).TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task A_tool_that_only_pretends_is_found_out()
    {
        // It answers with success and builds nothing.
        var options = DaemonOptions.Defaults("/x").Sandbox with
        {
            Setsid = "/usr/bin/env",
        };

        var wrong = await FenceProbe.TryAsync(
            new FenceRequest(
                SandboxProfile.Limits,
                CommandLimits.Unlimited,
                Environment.IsPrivilegedProcess ? UserTable.Find("nobody") : null,
                options
            ),
            TimeProvider.System
        );

        Assert.Equal("the command has no session and process group of its own", wrong);
    }

    private static Process Leave(string seconds, string mark)
    {
        var start = new ProcessStartInfo("/usr/bin/sleep", seconds);
        start.Environment[Spawner.MarkVariable] = mark;
        return Process.Start(start)!;
    }
}
