using AptTask.Host.Configuration;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>Says whether a fence can be had on this machine, and if not, why and what to do. Looks at files only; starts nothing.</summary>
internal static class FenceCheck
{
    private const string UtilLinux = "util-linux";

    /// <summary>Why a fence cannot be had, with a remedy; null when it can.</summary>
    public static string? Refuse(FenceRequest request, bool isRoot)
    {
        if (!OperatingSystem.IsLinux())
            return "fences are built with tools of Linux, and this is another system";
        if (isRoot && request.Profile == SandboxProfile.None && request.User is null)
            return "sandbox = \"none\" is refused when the daemon is root; run it as another user";
        if (request.HasNamespaces && (isRoot ? request.User is null or { Uid: 0 } : request.User is not null))
            return "no fence with namespaces holds root, whose files it would still own; name another user, or say sandbox = \"limits\"";
        if (request.HasNamespaces && Syscalls.OfThisMachine is null)
            return "the system calls of this processor are not known; say sandbox = \"limits\" if the command may be trusted";
        if (request.Tools.RequireCgroup && request.Limits is { Memory: not null } or { Processes: not null })
        {
            if (!ControlGroups.OfThisProcess.IsThere)
                return $"require_cgroup in [sandbox] asks for a bound on all its processes together, and {ControlGroups.OfThisProcess.Refusal ?? "memory or pids is not among the cgroups here"}";
        }
        return Tools(request)
            .Select(tool => Missing(tool.Path, tool.Package))
            .FirstOrDefault(missing => missing is not null);
    }

    /// <summary>What a view names and is not there, or cannot be seen from inside; null when all is well.</summary>
    public static string? RefuseView(FenceRequest request)
    {
        var view = request.View;
        if (!request.HasNamespaces)
            return null;
        var lost = view
            .ReadOnly.Concat(view.ReadWrite)
            .Select(bind => bind.Source)
            .FirstOrDefault(path => !Path.Exists(path));
        if (lost is not null)
            return $"{Printable.Of(lost)} is to be bound and is not there";
        return Fence.CanSee(request, view.WorkingFolder)
            ? null
            : $"its working folder {Printable.Of(view.WorkingFolder)} cannot be seen inside the fence; name it in bind_ro or bind_rw, or say cwd = \"scratch\"";
    }

    private static IEnumerable<(string Path, string Package)> Tools(FenceRequest request)
    {
        if (request.Launcher is null)
        {
            if (request.HasNamespaces)
                yield return (request.Tools.Shell, "dash");
            yield return (request.Tools.Setsid, UtilLinux);
            yield return (request.Tools.Setpriv, UtilLinux);
        }
        if (request.HasNamespaces)
            yield return (request.Tools.Bwrap, "bubblewrap");
        if (
            request.Limits != CommandLimits.Unlimited
            && (request.HasNamespaces || (request.Launcher is null && request.Profile == SandboxProfile.Limits))
        )
            yield return (request.Tools.Prlimit, UtilLinux);
    }

    private static string? Missing(string path, string package)
    {
        var isProgram =
            File.Exists(path)
            && (
                File.GetUnixFileMode(path)
                & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)
            ) != UnixFileMode.None;
        if (!isProgram)
            return $"{path} is not there or not executable; install the package {package}, or name it in [sandbox] tools of aptask.toml";
        var findings = new Findings();
        new FileGuard(FileProtection.Strict, findings).Check(path, new TextMark(path, 0, 0));
        return findings.Problems is [var problem, ..] ? problem.Message : null;
    }
}
