using AptTask.Host.Configuration;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>Knows what messages of the tools mean and what can be done. Pure.</summary>
internal static class Remedies
{
    private static readonly (string Words, string Remedy)[] Known =
    [
        (
            "Unknown option",
            "bwrap is older than 0.8; install a newer bubblewrap (Debian 12, Ubuntu 24.04 and later have one)"
        ),
        (
            "max_*_namespaces exceeded",
            "this system allows no user namespaces here: raise user.max_user_namespaces with sysctl, and in a container allow nested ones"
        ),
        (
            "No permissions to create new namespace",
            "this system allows user namespaces to root alone: set kernel.unprivileged_userns_clone = 1 with sysctl"
        ),
        (
            "setting up uid map",
            "the system restricts user namespaces (AppArmor on Ubuntu 24.04 and later): install an AppArmor profile for bwrap that allows userns, or set kernel.apparmor_restrict_unprivileged_userns = 0 with sysctl"
        ),
        (
            "Failed RTM_NEWADDR",
            "the system restricts user namespaces (AppArmor on Ubuntu 24.04 and later): install an AppArmor profile for bwrap that allows userns, or set kernel.apparmor_restrict_unprivileged_userns = 0 with sysctl"
        ),
        (
            "mount proc on",
            "a container masks /proc: start it with --security-opt systempaths=unconfined (Docker), or give it a seccomp profile that allows user namespaces and no masked paths"
        ),
        (
            "Creating new namespace failed",
            "a container or a seccomp profile forbids namespaces: allow clone and unshare with user namespaces there"
        ),
        (
            "Can't find source path",
            "the user that the command runs as may not reach that path: every folder above it needs the right to enter (x), and it must be there"
        ),
        (
            "Can't chdir",
            "the working folder cannot be seen inside the fence: name it in bind_ro or bind_rw, or use cwd = \"scratch\""
        ),
        ("Can't mkdir", "nothing can be bound there inside the fence: bind to a path that is there on the machine"),
        ("execvp", "the program cannot be seen or executed inside the fence: name its folder in bind_ro"),
        (
            "could not be executed",
            "the program cannot be seen or executed inside the fence: name its folder in bind_ro"
        ),
        (
            "joining",
            "the group of the kernel is gone or not writable; set cgroups = false in [sandbox], or give the daemon its group"
        ),
    ];

    /// <summary>A message and what can be done about it.</summary>
    public static string Explain(string message)
    {
        var said = message.Trim().Length == 0 ? "its tools ended without a word" : Printable.Of(message.Trim());
        var remedy = Array.Find(Known, known => message.Contains(known.Words, StringComparison.Ordinal)).Remedy;
        return $"the fence could not be built: {said}" + (remedy is null ? "" : $" ({remedy})");
    }
}
