using AptTask.Host.Configuration;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>Says whether a fence can be had on this machine, and if not, why and what to do. Looks at files only; starts nothing.</summary>
internal static class FenceCheck
{
    /// <summary>Why a fence cannot be had, with a remedy; null when it can.</summary>
    public static string? Refuse(FenceRequest request, bool isRoot)
    {
        if (request.Profile is SandboxProfile.Restricted or SandboxProfile.Isolated)
            return $"the fence \"{request.Profile.ToString().ToLowerInvariant()}\" is not available in this version; "
                + "if the command may be trusted with what its user may do, say sandbox = \"limits\" in the whitelist";
        if (!OperatingSystem.IsLinux())
            return "fences are built with tools of Linux, and this is another system";
        if (isRoot && request.Profile == SandboxProfile.None && request.User is null)
            return "sandbox = \"none\" is refused when the daemon is root; run it as another user";
        if (request.Launcher is not null)
            return null;
        var tools = new List<string> { request.Tools.Setsid, request.Tools.Setpriv };
        if (request.Limits != CommandLimits.Unlimited)
            tools.Add(request.Tools.Prlimit);
        return tools.Where(tool => !IsProgram(tool)).Select(Remedy).FirstOrDefault();
    }

    private static bool IsProgram(string path) =>
        File.Exists(path)
        && (
            File.GetUnixFileMode(path)
            & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)
        ) != UnixFileMode.None;

    private static string Remedy(string tool) =>
        $"{tool} is not there or not executable; install the package util-linux, or name it in [sandbox] tools of aptask.toml";
}
