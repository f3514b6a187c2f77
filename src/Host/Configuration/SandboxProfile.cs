namespace AptTask.Host.Configuration;

/// <summary>The fences, from none to the highest.</summary>
internal enum SandboxProfile
{
    /// <summary>None but an empty environment and a session of its own.</summary>
    None,

    /// <summary>Also limits, another user, no way to new privileges.</summary>
    Limits,

    /// <summary>Also a read-only system, no other processes, no network.</summary>
    Restricted,

    /// <summary>Also nothing of the file system but the programs and what is listed.</summary>
    Isolated,
}
