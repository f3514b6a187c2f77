namespace AptTask.Host.Configuration;

/// <summary><c>[sandbox]</c>.</summary>
internal sealed record SandboxOptions
{
    /// <summary>The fence of an entry that does not say.</summary>
    public required SandboxProfile DefaultProfile { get; init; }

    /// <summary>The user that commands run as when the daemon is root.</summary>
    public required string User { get; init; }

    /// <summary>Entries may say <c>sandbox = "none"</c>.</summary>
    public bool AllowNone { get; init; }

    /// <summary>Entries may say <c>user = "root"</c>.</summary>
    public bool AllowRoot { get; init; }

    /// <summary>A command whose fence cannot be had keeps the daemon from starting, instead of being unavailable.</summary>
    public bool RefuseStart { get; init; }

    /// <summary>Fences are built with the tools of the system, and not by a program that the daemon writes itself.</summary>
    public bool UseTools { get; init; }

    /// <summary>Groups of the kernel are used where they can be had: bounds for all processes of an attempt together.</summary>
    public bool UseCgroups { get; init; } = true;

    /// <summary>A command whose entry limits memory or processes is refused where no group of the kernel bounds their sum.</summary>
    public bool RequireCgroup { get; init; }

    /// <summary>The limits of an entry that does not say.</summary>
    public required CommandLimits Limits { get; init; }

    /// <summary>The absolute path of <c>setpriv</c>.</summary>
    public required string Setpriv { get; init; }

    /// <summary>The absolute path of <c>prlimit</c>.</summary>
    public required string Prlimit { get; init; }

    /// <summary>The absolute path of <c>setsid</c>.</summary>
    public required string Setsid { get; init; }

    /// <summary>The absolute path of <c>env</c>.</summary>
    public required string Env { get; init; }

    /// <summary>The absolute path of <c>bwrap</c>.</summary>
    public required string Bwrap { get; init; }

    /// <summary>The absolute path of <c>sh</c>.</summary>
    public required string Shell { get; init; }
}
