using System.Collections.Immutable;
using System.Text;
using AptTask.Host.Configuration;
using AptTask.Host.Execution.Sandbox;

namespace AptTask.Host.Execution.Commands;

/// <summary>The verb <c>doctor</c>: tries what this machine can do and says what holds here and what does not.</summary>
internal static class Doctor
{
    /// <summary>How a finding is meant.</summary>
    public enum Verdict
    {
        /// <summary>It holds.</summary>
        Good,

        /// <summary>It works, with something to know.</summary>
        Note,

        /// <summary>It cannot be had here.</summary>
        Missing,
    }

    /// <summary>One thing that was looked at.</summary>
    /// <param name="Subject">What.</param>
    /// <param name="Verdict">How it is.</param>
    /// <param name="Text">A sentence, with the remedy if one is needed.</param>
    public sealed record Finding(string Subject, Verdict Verdict, string Text);

    /// <summary>Looks and tries.</summary>
    public static async Task<ImmutableArray<Finding>> ExamineAsync(SandboxOptions options, TimeProvider time)
    {
        var findings = ImmutableArray.CreateBuilder<Finding>();
        var isRoot = Environment.IsPrivilegedProcess;
        findings.Add(
            new Finding(
                "system",
                Verdict.Good,
                $"{Environment.OSVersion}, {Environment.ProcessorCount} cores, .NET {Environment.Version}"
            )
        );
        findings.Add(Identity(options, isRoot));
        foreach (var profile in Enum.GetValues<SandboxProfile>())
            findings.Add(await FenceAsync(profile, options, isRoot, time));
        findings.Add(Orphans());
        findings.Add(Guarded());
        findings.Add(Cgroups(options));
        return findings.ToImmutable();
    }

    /// <summary>The findings as a table, one line each.</summary>
    public static string Table(ImmutableArray<Finding> findings)
    {
        var text = new StringBuilder();
        var width = findings.Max(finding => finding.Subject.Length);
        foreach (var finding in findings)
        {
            var verdict = finding.Verdict switch
            {
                Verdict.Good => "ok     ",
                Verdict.Note => "note   ",
                _ => "missing",
            };
            text.Append(verdict)
                .Append("  ")
                .Append(finding.Subject.PadRight(width))
                .Append("  ")
                .Append(finding.Text)
                .Append('\n');
        }
        return text.ToString();
    }

    private static Finding Identity(SandboxOptions options, bool isRoot)
    {
        if (!isRoot)
            return new Finding(
                "user",
                Verdict.Note,
                $"the daemon is {Environment.UserName}; commands in the fences none and limits run as the same user and could signal it"
            );
        return UserTable.Find(options.User) is { Uid: > 0 } user
            ? new Finding("user", Verdict.Good, $"the daemon is root; commands run as {user.Name} (uid {user.Uid})")
            : new Finding(
                "user",
                Verdict.Missing,
                $"the daemon is root, and sandbox.user = \"{options.User}\" is not another user that is there"
            );
    }

    private static async Task<Finding> FenceAsync(
        SandboxProfile profile,
        SandboxOptions options,
        bool isRoot,
        TimeProvider time
    )
    {
        var user = isRoot && profile != SandboxProfile.None ? UserTable.Find(options.User) : null;
        var limits = new CommandLimits { Files = 256, FileSize = 1 << 20 };
        var request = new FenceRequest(profile, limits, user, options);
        if (!options.UseTools)
            request = request with { Launcher = Launchers.Find(request) };
        var wrong = await FenceProbe.TryAsync(request, time);
        return wrong is null
            ? new Finding(
                FenceSubject(profile),
                Verdict.Good,
                $"{Promise(profile)}; was built around a program and held, "
                    + (request.Launcher is null ? "with the tools of util-linux" : "with the built-in launcher")
            )
            : new Finding(FenceSubject(profile), Verdict.Missing, wrong);
    }

    private static string FenceSubject(SandboxProfile profile) => "fence " + profile.ToString().ToLowerInvariant();

    private static string Promise(SandboxProfile profile) =>
        profile switch
        {
            SandboxProfile.None => "an empty environment; files, processes and network are open",
            SandboxProfile.Limits => "limits, no new privileges; files, processes and network are open",
            SandboxProfile.Restricted =>
                "files of the machine to read, no other processes, no network, filtered system calls",
            _ => "programs and what is bound, no other processes, no network, filtered system calls",
        };

    private static Finding Cgroups(SandboxOptions options)
    {
        const string each =
            "limits.memory holds for each process and not for their sum, limits.processes in limits for all of a user's";
        if (!options.UseCgroups)
            return new Finding("cgroups", Verdict.Note, $"sandbox.cgroups is off: {each}");
        var groups = ControlGroups.OfThisProcess;
        return groups.Refusal is { } refusal
            ? new Finding("cgroups", options.RequireCgroup ? Verdict.Missing : Verdict.Note, $"{each}: {refusal}")
            : new Finding(
                "cgroups",
                groups.IsThere ? Verdict.Good : Verdict.Note,
                $"{groups.Description}: bound and counted for all processes of an attempt together"
            );
    }

    private static Finding Orphans() =>
        Spawner.OfThisProcess.CanFindOrphans
            ? new Finding("orphans", Verdict.Good, "what a command leaves behind comes to the daemon and is ended")
            : new Finding(
                "orphans",
                Verdict.Missing,
                "this system does not give orphans to the daemon; only a command's own group is ended"
            );

    private static Finding Guarded() =>
        Guard.IsPossible
            ? new Finding(
                "guard",
                Verdict.Good,
                "what a killed daemon leaves behind is ended by a process that watches it"
            )
            : new Finding(
                "guard",
                Verdict.Missing,
                $"{Guard.Requirements} are needed to end what a killed daemon leaves behind"
            );
}
